//! The vectors: every one passes, through the engine and through the plain loop over the mapping's own text.

use oci_artifact_types::catalog::predicate::Predicate;
use oci_artifact_types::catalog::{Catalog, embedded};
use oci_artifact_types::conformance::{Vector, vectors};
use oci_artifact_types::identify::evaluate::holds;
use oci_artifact_types::identify::{Context, Descriptor, Facts, Identifier};
use oci_artifact_types::mapping::MediaTypeMappings;
use serde_json::{Value, json};

/// Runs `test` with the facts and the context of a vector.
fn with<T>(vector: &Vector, test: impl FnOnce(&Facts<'_>, &Context<'_>) -> T) -> T {
    let text = vector.document.to_string();
    let facts = Facts::read(&text).unwrap();
    let context = vector.context.clone();
    let parent_text = context.as_ref().and_then(|c| c.parent.as_ref()).map(Value::to_string);
    let child_texts: Vec<String> = context.iter().flat_map(|c| &c.children).map(Value::to_string).collect();
    let parent = parent_text.as_ref().map(|text| Descriptor::read(text).unwrap());
    let children: Vec<Facts<'_>> = child_texts.iter().map(|text| Facts::read(text).unwrap()).collect();
    let context = Context {
        tag: context.as_ref().and_then(|c| c.tag.as_deref()),
        config: vector.context.as_ref().and_then(|c| c.config.as_ref()),
        parent: parent.as_ref(),
        children: &children,
        hopeful: false,
    };
    test(&facts, &context)
}

fn expected(vector: &Vector) -> Value {
    json!({ "type": vector.expect.type_id, "certainty": vector.expect.certainty })
}

#[test]
fn the_engine_passes_every_vector() {
    let catalog = embedded::catalog();
    let identifier = Identifier::new(catalog.rules.clone());
    let all = vectors(&catalog);
    assert!(all.len() > 100, "{} vectors", all.len());
    for vector in &all {
        with(vector, |facts, context| {
            let answer = identifier.identify(facts, context);
            if let Some(facet) = &vector.expect.facet {
                assert!(answer.facets.contains(&facet.as_str()), "{}", vector.id);
            } else {
                let got = json!({ "type": answer.type_id, "certainty": answer.verdict.name() });
                assert_eq!(got, expected(vector), "{}", vector.id);
            }
        });
    }
}

/// What a consumer in another language does: read the rules as data, take the first that holds.
#[test]
fn a_loop_over_the_mapping_passes_every_vector() {
    let catalog: Catalog = embedded::catalog();
    let mapping: Value =
        serde_json::from_str(&MediaTypeMappings::new(&catalog, None).unwrap().to_json().unwrap()).unwrap();
    let parse = |list: &str| -> Vec<(Value, Predicate)> {
        let rules = mapping[list].as_array().unwrap().iter();
        rules.map(|rule| (rule.clone(), serde_json::from_value(rule["when"].clone()).unwrap())).collect()
    };
    let (rules, facets) = (parse("rules"), parse("facets"));
    for vector in vectors(&catalog) {
        with(&vector, |facts, context| {
            if let Some(facet) = &vector.expect.facet {
                let applies =
                    facets.iter().any(|(rule, when)| rule["facet"] == facet.as_str() && holds(when, facts, context));
                assert!(applies, "{}", vector.id);
            } else {
                let first = rules.iter().find(|(_, when)| holds(when, facts, context));
                let got = first.map_or(
                    json!({ "type": null, "certainty": "unknown" }),
                    |(rule, _)| json!({ "type": rule["type"], "certainty": rule["certainty"] }),
                );
                assert_eq!(got, expected(&vector), "{}", vector.id);
            }
        });
    }
}
