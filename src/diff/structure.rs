//! Structures: what a new one refuses that the old one accepted, and the other way round.

use std::collections::BTreeMap;

use serde::Serialize;

use super::kinds::{STRUCTURE_DESCRIBED, STRUCTURE_LOOSENED, STRUCTURE_TIGHTENED};
use super::{Change, word, words};
use crate::catalog::model::{
    AnnotationPart, ArtifactTypeProperty, ChildPart, ConfigPart, LayerPart, Presence, Structure,
};

/// What the difference of two demands does to documents.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Effect {
    /// Something that was accepted is refused.
    tightened: bool,
    /// Something that was refused is accepted.
    loosened: bool,
}

impl Effect {
    const NONE: Self = Self { tightened: false, loosened: false };
    const TIGHTENED: Self = Self { tightened: true, loosened: false };
    const LOOSENED: Self = Self { tightened: false, loosened: true };

    /// Of sets of accepted values.
    fn of_sets<T: PartialEq>(was: &[T], is: &[T]) -> Self {
        Self {
            tightened: was.iter().any(|value| !is.contains(value)),
            loosened: is.iter().any(|value| !was.contains(value)),
        }
    }

    /// Of lists of media types; an empty one stands for any.
    fn of_values(was: &[String], is: &[String]) -> Self {
        match (was.is_empty(), is.is_empty()) {
            (true, true) => Self::NONE,
            (true, false) => Self::TIGHTENED,
            (false, true) => Self::LOOSENED,
            (false, false) => Self::of_sets(was, is),
        }
    }

    /// Of whether something must be there. What is only recommended may be absent.
    fn of_presence(was: Presence, is: Presence) -> Self {
        let accepts = |presence| (presence != Presence::Required, presence != Presence::Forbidden);
        let ((absent, present), (now_absent, now_present)) = (accepts(was), accepts(is));
        Self {
            tightened: absent && !now_absent || present && !now_present,
            loosened: !absent && now_absent || !present && now_present,
        }
    }

    /// Of bounds of a count; no maximum is the highest.
    fn of_bounds(was: (u32, Option<u32>), is: (u32, Option<u32>)) -> Self {
        let (most, now_most) = (was.1.unwrap_or(u32::MAX), is.1.unwrap_or(u32::MAX));
        Self { tightened: is.0 > was.0 || now_most < most, loosened: is.0 < was.0 || now_most > most }
    }
}

/// Collects the changes of one structure.
struct Told<'a> {
    id: &'a str,
    former: &'a str,
    changes: &'a mut Vec<Change>,
}

impl Told<'_> {
    fn add(&mut self, effect: Effect, part: &str, before: Option<String>, after: Option<String>) {
        let kind = match effect {
            Effect { tightened: true, .. } => &STRUCTURE_TIGHTENED,
            Effect { loosened: true, .. } => &STRUCTURE_LOOSENED,
            Effect { .. } => return,
        };
        let change = Change::new(kind, self.id).former(self.former).part(part).before(before).after(after);
        self.changes.push(change);
    }

    fn presence(&mut self, part: &str, was: Presence, is: Presence) {
        self.add(Effect::of_presence(was, is), part, Some(word(&was)), Some(word(&is)));
    }

    fn bounds(&mut self, part: &str, was: (u32, Option<u32>), is: (u32, Option<u32>)) {
        let shown = |(min, max): (u32, Option<u32>)| match max {
            Some(max) => Some(format!("{min} to {max}")),
            None => Some(format!("{min} or more")),
        };
        self.add(Effect::of_bounds(was, is), part, shown(was), shown(is));
    }

    fn values(&mut self, part: &str, was: &[String], is: &[String]) {
        self.add(Effect::of_values(was, is), part, words(was), words(is));
    }
}

pub(super) fn compare(
    id: &str,
    former: &str,
    was: Option<&Structure>,
    is: Option<&Structure>,
    changes: &mut Vec<Change>,
) {
    let before = changes.len();
    let told = &mut Told { id, former, changes };
    match (was, is) {
        (None, None) => {}
        (None, Some(_)) => told.add(Effect::TIGHTENED, "structure", None, Some("described".to_owned())),
        (Some(_), None) => told.add(Effect::LOOSENED, "structure", Some("described".to_owned()), None),
        (Some(was), Some(is)) => both(told, was, is),
    }
    if was != is && changes.len() == before {
        changes.push(Change::new(&STRUCTURE_DESCRIBED, id).former(former));
    }
}

fn both(told: &mut Told<'_>, was: &Structure, is: &Structure) {
    told.add(Effect::of_sets(&was.shapes, &is.shapes), "shapes", words(&was.shapes), words(&is.shapes));
    // Without the property, `artifactType` is not to be there.
    let absent = ArtifactTypeProperty { presence: Presence::Forbidden, media_types: Vec::new() };
    let (had, has) = (was.artifact_type.as_ref().unwrap_or(&absent), is.artifact_type.as_ref().unwrap_or(&absent));
    told.presence("artifactType", had.presence, has.presence);
    if had.presence != Presence::Forbidden && has.presence != Presence::Forbidden {
        told.values("values of artifactType", &had.media_types, &has.media_types);
    }
    config(told, was.config.as_ref(), is.config.as_ref());
    layers(told, was, is);
    children(told, &was.manifests, &is.manifests);
    annotations(told, "annotations", &was.annotations, &is.annotations);
    told.presence("subject", was.subject, is.subject);
}

fn config(told: &mut Told<'_>, was: Option<&ConfigPart>, is: Option<&ConfigPart>) {
    let values = |part: Option<&ConfigPart>| part.map(|part| part.media_types.clone()).unwrap_or_default();
    told.values("config", &values(was), &values(is));
    let checked = |part: Option<&ConfigPart>| part.is_some_and(|part| part.schema);
    let effect = match (checked(was), checked(is)) {
        (false, true) => Effect::TIGHTENED,
        (true, false) => Effect::LOOSENED,
        _ => Effect::NONE,
    };
    let shown = |schema: bool| Some(if schema { "with a schema" } else { "without a schema" }.to_owned());
    told.add(effect, "schema of the config", shown(checked(was)), shown(checked(is)));
}

/// By the names of the parts. Parts that came and went count by whether others may stand beside them.
fn layers(told: &mut Told<'_>, was: &Structure, is: &Structure) {
    // Nothing is looked at where no layer is listed and others may stand there.
    let open = |structure: &Structure| structure.layers.is_empty() && structure.other_layers != Presence::Forbidden;
    let described = |of: bool| Some(if of { "any" } else { "described" }.to_owned());
    match (open(was), open(is)) {
        (true, true) => return,
        (true, false) => return told.add(Effect::TIGHTENED, "layers", described(true), described(false)),
        (false, true) => return told.add(Effect::LOOSENED, "layers", described(false), described(true)),
        (false, false) => {}
    }
    told.presence("other layers", was.other_layers, is.other_layers);
    let old: BTreeMap<&str, &LayerPart> = was.layers.iter().map(|part| (part.role.as_str(), part)).collect();
    let new: BTreeMap<&str, &LayerPart> = is.layers.iter().map(|part| (part.role.as_str(), part)).collect();
    for (role, part) in &old {
        let name = format!("layer {role}");
        let Some(other) = new.get(role) else {
            let effect = Effect {
                tightened: is.other_layers == Presence::Forbidden,
                loosened: is.other_layers != Presence::Forbidden,
            };
            told.add(effect, &name, words(&part.media_types), None);
            continue;
        };
        told.values(&format!("media types of {name}"), &part.media_types, &other.media_types);
        told.bounds(&format!("number of {name}"), (part.min, part.max), (other.min, other.max));
        annotations(told, &format!("annotations of {name}"), &part.annotations, &other.annotations);
    }
    for (role, part) in new.iter().filter(|(role, _)| !old.contains_key(*role)) {
        let demanding = part.min > 0 || part.max.is_some() && was.other_layers != Presence::Forbidden;
        let effect = if demanding { Effect::TIGHTENED } else { Effect::LOOSENED };
        told.add(effect, &format!("layer {role}"), None, words(&part.media_types));
    }
}

fn children(told: &mut Told<'_>, was: &[ChildPart], is: &[ChildPart]) {
    let described = |parts: &[ChildPart]| Some(if parts.is_empty() { "any" } else { "described" }.to_owned());
    match (was.is_empty(), is.is_empty()) {
        (true, true) => return,
        (true, false) => return told.add(Effect::TIGHTENED, "children", described(was), described(is)),
        (false, true) => return told.add(Effect::LOOSENED, "children", described(was), described(is)),
        (false, false) => {}
    }
    let old: BTreeMap<&str, &ChildPart> = was.iter().map(|part| (part.role.as_str(), part)).collect();
    let new: BTreeMap<&str, &ChildPart> = is.iter().map(|part| (part.role.as_str(), part)).collect();
    for (role, part) in &old {
        let name = format!("child {role}");
        let Some(other) = new.get(role) else {
            told.add(Effect::TIGHTENED, &name, words(&part.media_types), None);
            continue;
        };
        told.values(&format!("media types of {name}"), &part.media_types, &other.media_types);
        told.values(&format!("artifactType of {name}"), &part.artifact_types, &other.artifact_types);
        told.bounds(&format!("number of {name}"), (part.min, part.max), (other.min, other.max));
    }
    for (role, part) in new.iter().filter(|(role, _)| !old.contains_key(*role)) {
        let effect = if part.min > 0 { Effect::TIGHTENED } else { Effect::LOOSENED };
        told.add(effect, &format!("child {role}"), None, words(&part.media_types));
    }
}

/// Of an annotation that is not listed nothing is demanded; that one is listed as forbidden demands nothing either.
fn annotations(told: &mut Told<'_>, list: &str, was: &[AnnotationPart], is: &[AnnotationPart]) {
    let old: BTreeMap<&str, &AnnotationPart> = was.iter().map(|part| (part.key.as_str(), part)).collect();
    let new: BTreeMap<&str, &AnnotationPart> = is.iter().map(|part| (part.key.as_str(), part)).collect();
    let keys: std::collections::BTreeSet<&str> = old.keys().chain(new.keys()).copied().collect();
    for key in keys {
        let (part, other) = (old.get(key), new.get(key));
        let required = |part: Option<&&AnnotationPart>| part.is_some_and(|part| part.presence == Presence::Required);
        let pattern = |part: Option<&&AnnotationPart>| part.and_then(|part| part.pattern.clone());
        let (had, has) = (pattern(part), pattern(other));
        let effect = Effect {
            tightened: !required(part) && required(other) || has.is_some() && had != has,
            loosened: required(part) && !required(other) || had.is_some() && had != has,
        };
        let shown = |part: Option<&&AnnotationPart>| part.map(|part| demand(part));
        told.add(effect, &format!("{list}: {key}"), shown(part), shown(other));
    }
}

fn demand(part: &AnnotationPart) -> String {
    #[derive(Serialize)]
    struct Demand<'a> {
        presence: Presence,
        #[serde(skip_serializing_if = "Option::is_none")]
        pattern: Option<&'a str>,
    }
    word(&Demand { presence: part.presence, pattern: part.pattern.as_deref() })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn kinds(was: Value, is: Value) -> Vec<(&'static str, Option<String>)> {
        let with = |more: Value| -> Structure {
            let mut value = json!({ "shapes": ["oci-manifest"], "subject": "optional", "otherLayers": "forbidden" });
            value.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            serde_json::from_value(value).unwrap()
        };
        let mut changes = Vec::new();
        compare("x", "x", Some(&with(was)), Some(&with(is)), &mut changes);
        changes.into_iter().map(|change| (change.kind.id, change.part)).collect()
    }

    #[test]
    fn what_refuses_more_is_tightened() {
        let layer =
            |min: u32, values: &[&str]| json!({ "layers": [{ "role": "a", "mediaTypes": values, "min": min }] });
        let tight = |part: &str| vec![("structure-tightened", Some(part.to_owned()))];
        let loose = |part: &str| vec![("structure-loosened", Some(part.to_owned()))];
        assert_eq!(kinds(json!({}), json!({})), []);
        assert_eq!(kinds(json!({}), json!({ "subject": "required" })), tight("subject"));
        assert_eq!(kinds(json!({ "subject": "forbidden" }), json!({})), loose("subject"));
        assert_eq!(kinds(json!({}), json!({ "subject": "recommended" }))[0].0, "structure-described");
        assert_eq!(kinds(layer(0, &["a/b"]), layer(1, &["a/b"])), tight("number of layer a"));
        assert_eq!(kinds(layer(0, &["a/b"]), layer(0, &["a/b", "c/d"])), loose("media types of layer a"));
        assert_eq!(kinds(layer(0, &["a/b"]), layer(0, &["c/d"])), tight("media types of layer a"));
        assert_eq!(kinds(layer(0, &["a/b"]), json!({})), tight("layer a"));
        assert_eq!(kinds(json!({}), layer(0, &["a/b"])), loose("layer a"));
        assert_eq!(kinds(json!({}), json!({ "otherLayers": "optional" })), loose("layers"));
        let annotation = |presence: &str| json!({ "annotations": [{ "key": "k", "presence": presence }] });
        assert_eq!(kinds(json!({}), annotation("required")), tight("annotations: k"));
        assert_eq!(kinds(annotation("required"), annotation("optional")), loose("annotations: k"));
        let property = json!({ "artifactType": { "presence": "optional", "mediaTypes": ["a/b"] } });
        assert_eq!(kinds(json!({}), property.clone()), loose("artifactType"));
        assert_eq!(kinds(property, json!({})), tight("artifactType"));
    }
}
