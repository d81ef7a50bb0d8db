//! From rules in order to steps in order: rules that demand values of the same field are looked up by them.

use super::statement::Statement;
use crate::catalog::predicate::Field;

/// Rules with what they demand, in order.
pub(super) type Rules<'a> = Vec<(&'a str, Statement<'a>)>;

/// A part of the decision. The first step that gives a rule decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step<'a> {
    /// Rules that are tried one after the other.
    Try(Rules<'a>),
    /// Values of a field, each with the rules that may hold where the field has it.
    Switch { field: Field, cases: Vec<(&'a str, Rules<'a>)> },
    /// Rules that hold only where a layer has one of these media types.
    Layers { media_types: Vec<&'a str>, rules: Rules<'a> },
}

/// By what a run of rules is looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Field(Field),
    Layers,
    Nothing,
}

/// The order in which a new run is tried to be looked up.
const WAYS: [By; 4] =
    [By::Field(Field::ArtifactType), By::Field(Field::ConfigMediaType), By::Layers, By::Field(Field::Shape)];

/// As few rules as these are tried at once.
const FEW: usize = 2;

struct Run<'a> {
    by: By,
    rules: Vec<(&'a str, Statement<'a>, Vec<&'a str>)>,
}

/// The steps of rules in evaluation order. A rule never overtakes another one that may hold of the same document.
pub(super) fn steps(rules: Rules<'_>) -> Vec<Step<'_>> {
    let mut steps: Vec<Step<'_>> = Vec::new();
    for run in runs(rules) {
        let step = match run.by {
            By::Field(field) if run.rules.len() > FEW => switch(field, run.rules),
            By::Layers if run.rules.len() > FEW => layers(run.rules),
            _ => Step::Try(run.rules.into_iter().map(|(id, statement, _)| (id, statement)).collect()),
        };
        match (steps.last_mut(), step) {
            (Some(Step::Try(before)), Step::Try(more)) => before.extend(more),
            (_, step) => steps.push(step),
        }
    }
    steps
}

fn runs(rules: Rules<'_>) -> Vec<Run<'_>> {
    let mut runs: Vec<Run<'_>> = Vec::new();
    for (id, statement) in rules {
        // Going on with the run is better than a new one.
        let going_on = runs.last().map(|run| run.by);
        let mut ways = going_on.into_iter().chain(WAYS);
        let found = ways.find_map(|by| demanded(&statement, by).map(|values| (by, values)));
        let (by, values) = found.unwrap_or((By::Nothing, Vec::new()));
        let rule = (id, statement, values);
        match runs.last_mut() {
            Some(run) if run.by == by => run.rules.push(rule),
            _ => runs.push(Run { by, rules: vec![rule] }),
        }
    }
    runs
}

fn demanded<'a>(statement: &Statement<'a>, by: By) -> Option<Vec<&'a str>> {
    match by {
        By::Field(field) => statement.demanded(field),
        By::Layers => statement.demanded_layers(),
        By::Nothing => None,
    }
}

fn switch<'a>(field: Field, rules: Vec<(&'a str, Statement<'a>, Vec<&'a str>)>) -> Step<'a> {
    let mut cases: Vec<(&'a str, Rules<'a>)> = Vec::new();
    for (id, statement, values) in rules {
        for value in values {
            let left = statement.clone().given(field, value);
            if left == Statement::Constant(false) {
                continue;
            }
            let at = cases.iter().position(|(known, _)| *known == value).unwrap_or_else(|| {
                cases.push((value, Vec::new()));
                cases.len() - 1
            });
            let case = &mut cases[at].1;
            // Behind a rule that always holds none is reached.
            if case.last().is_none_or(|(_, before)| *before != Statement::Constant(true)) {
                case.push((id, left));
            }
        }
    }
    Step::Switch { field, cases }
}

fn layers<'a>(rules: Vec<(&'a str, Statement<'a>, Vec<&'a str>)>) -> Step<'a> {
    let mut media_types: Vec<&str> = rules.iter().flat_map(|(_, _, values)| values.iter().copied()).collect();
    media_types.sort_unstable();
    media_types.dedup();
    Step::Layers { media_types, rules: rules.into_iter().map(|(id, statement, _)| (id, statement)).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::predicate::Predicate;

    #[test]
    fn runs_are_looked_up_and_keep_the_order() {
        let when: Vec<Predicate> = [
            r#"{"all":[{"field":"artifactType","equals":"a/1"},{"field":"subject","present":true}]}"#,
            r#"{"field":"artifactType","oneOf":["a/1","a/2"]}"#,
            r#"{"all":[{"field":"artifactType","equals":"a/2"},{"field":"config.mediaType","equals":"c/1"}]}"#,
            r#"{"field":"artifactType","prefix":"a/"}"#,
            r#"{"field":"config.mediaType","equals":"c/1"}"#,
            r#"{"layers":"any","match":{"field":"mediaType","equals":"l/1"}}"#,
            r#"{"layers":"any","match":{"field":"mediaType","equals":"l/2"}}"#,
            r#"{"layers":"all","match":{"field":"mediaType","oneOf":["l/0","l/2"]}}"#,
        ]
        .map(|json| serde_json::from_str(json).unwrap())
        .into();
        let ids = ["r/0", "r/1", "r/2", "r/3", "r/4", "r/5", "r/6", "r/7"];
        let steps = steps(ids.into_iter().zip(when.iter().map(Statement::new)).collect());
        let [Step::Switch { field: Field::ArtifactType, cases }, Step::Try(tried), Step::Layers { media_types, rules }] =
            &steps[..]
        else {
            panic!("{steps:#?}")
        };
        let names = |rules: &Rules<'_>| rules.iter().map(|(id, _)| (*id).to_owned()).collect::<Vec<_>>();
        let cases: Vec<(&str, Vec<String>)> = cases.iter().map(|(value, rules)| (*value, names(rules))).collect();
        // Rule 2 can not be reached: rule 1 always holds before it.
        assert_eq!(cases, [("a/1", vec!["r/0".to_owned(), "r/1".to_owned()]), ("a/2", vec!["r/1".to_owned()])]);
        assert_eq!(names(tried), ["r/3", "r/4"]);
        assert_eq!(
            (media_types.as_slice(), names(rules)),
            (&["l/0", "l/1", "l/2"][..], ids[5..].iter().map(|id| (*id).to_owned()).collect())
        );
    }
}
