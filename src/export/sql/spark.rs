//! The dialect of Apache Spark.

use std::fmt::Write as _;

use super::super::{Exported, Order, declare_export};
use super::{
    Dialect, among, column, condition, decision, exported, facet_cases, head, list, literals, member_fields, rule_rows,
    rules, saying_nothing, shape, type_rows, types_of,
};
use crate::catalog::predicate::{Field, List};

use super::statement::{Check, Scope, Statement, Value};

declare_export! {
    /// A view of Spark SQL that says what manifests are.
    ///
    /// ## How to use it
    /// Your manifests stand in a table or view `manifests` with the columns `digest` and `document` (text). Run the file in
    /// the session that asks: its views are temporary.
    ///
    /// ```console
    /// $ oat export spark-sql --out oci-artifact-types.sql
    /// $ spark-sql -i oci-artifact-types.sql -e 'SELECT label, count(*) FROM classified_manifests GROUP BY label'
    /// ```
    ///
    /// In a program run the statements one by one; each ends with a semicolon at the end of a line, and no other line ends so.
    ///
    /// ```python
    /// for statement in open("oci-artifact-types.sql").read().split(";\n"):
    ///     if statement.strip():
    ///         spark.sql(statement)
    /// spark.sql("SELECT digest, rule, label FROM classified_manifests").write.parquet("classified")
    /// ```
    ///
    /// It makes the temporary views
    ///
    /// - `classified_manifests`: digest; the id of the rule that decides, such as `helm-chart/1`; its type; whether it shows
    ///   exactly this type (`exact`), only its family (`family`), or nothing is known (`unknown`); label, title, roles,
    ///   status and tier of the type; the facets that apply besides. What you do not select is not computed;
    /// - `oci_artifact_rules` (from a rule to its type and certainty) and `oci_artifact_types`.
    ///
    /// ## What it takes into account
    /// The same rules in the same order as `oat identify`, as far as the document alone decides them. What needs the config
    /// blob, the tag, the parent index or the children is left out, and so are candidates and sub-types: `oci-image` stands
    /// for some images that a look at their config would name more exactly. A type that your selection leaves out is still
    /// told from the others: its row has a rule and a type, and neither label nor title.
    ///
    /// ## Traps
    /// - It reads documents as `VARIANT`, which Spark has since 4.0: the readers before it turn numbers and objects into text
    ///   where text is expected, so a wrong kind could not be told from a right one.
    /// - A text that is no JSON has null as its rule, as a document of an unknown kind has. So has a document in which a
    ///   name stands twice in one object: `VARIANT` refuses it.
    /// - Leave `spark.sql.parser.escapedStringLiterals` off, as it is by default: texts are quoted for this.
    /// - The first query of a session takes some seconds more, in which Spark plans and compiles the rules.
    ///
    /// ## Speed
    /// 17,000 documents a second, where `oat identify` read 667,000: a million manifests (1.5 GB) on two processors of one
    /// machine, in one run, without the 2 s of loading them. `benches/run --only sql` measures it on yours.
    ///
    /// ## Source
    /// - [`try_parse_json`, `try_variant_get`, `schema_of_variant`](https://spark.apache.org/docs/4.0.0/api/sql/index.html)
    /// - [Literals of text](https://spark.apache.org/docs/4.0.0/sql-ref-literals.html#string-literal)
    pub static SPARK_SQL = { id: "spark-sql", title: "Apache Spark SQL", versions: [], standing: Live, make: make }
}

pub(super) struct Spark;

/// A text as a literal. A dollar sign could begin a variable, which the shell of Spark puts in before it parses; a line
/// end behind a semicolon could end the statement.
fn literal(text: &str) -> String {
    let mut literal = "'".to_owned();
    for c in text.chars() {
        match c {
            '\'' => literal.push_str(r"\'"),
            '\\' => literal.push_str(r"\\"),
            '$' => literal.push_str(r"\u0024"),
            c if c.is_control() => {
                let _ = write!(literal, "\\u{:04X}", u32::from(c));
            }
            c => literal.push(c),
        }
    }
    literal + "'"
}

impl Dialect for Spark {
    fn text(&self, text: &str) -> String {
        literal(text)
    }

    fn value(&self, scope: Scope, field: Field, key: &str) -> String {
        match (scope, field) {
            (Scope::Document, Field::Annotations) => format!("try_element_at(annotations, {})", literal(key)),
            (Scope::Document, Field::ConfigAnnotations) => {
                format!("try_element_at(config_annotations, {})", literal(key))
            }
            (Scope::Document, Field::ConfigDigest) => "config_digest".to_owned(),
            (Scope::Document, Field::ConfigSize) => "config_size".to_owned(),
            (Scope::Document, field) => column(field).to_owned(),
            (Scope::Member, Field::Annotations) => format!("try_element_at(d.annotations, {})", literal(key)),
            (Scope::Member, field) => format!("d.{}", member(field)),
        }
    }

    fn starts_with(&self, value: &str, prefix: &str) -> String {
        format!("startswith({value}, {})", literal(prefix))
    }

    fn overlaps(&self, list: List, media_types: &[&str]) -> String {
        let types = types_of(list);
        match media_types {
            [one] => format!("array_contains({types}, {})", literal(one)),
            _ => format!("arrays_overlap({types}, array({}))", literals(self, media_types)),
        }
    }

    fn within(&self, list: List, media_types: &[&str]) -> String {
        format!("forall({}, t -> {})", types_of(list), among("t", media_types.iter().map(|text| literal(text))))
    }

    fn some(&self, of: List, first: bool, each: &Statement<'_>) -> String {
        let list = if first { format!("slice({}, 1, 1)", list(of)) } else { list(of).to_owned() };
        format!("exists({list}, d -> {})", condition(self, Scope::Member, each))
    }

    fn texts(&self, texts: &[String]) -> String {
        format!("array({})", texts.join(", "))
    }

    fn check(&self, scope: Scope, value: &Value<'_>) -> String {
        if (scope, value.field) != (Scope::Member, Field::PlatformOsFeatures) {
            return self.compare(&self.value(scope, value.field, value.key), &value.check);
        }
        let some = |check: &Check<'_>| format!("exists(d.features, f -> {})", self.compare("f", check));
        match &value.check {
            Check::Present(false) => format!("(({}) IS NOT TRUE)", some(&Check::Present(true))),
            check => some(check),
        }
    }
}

/// Name of a member's value in the lists of the view.
const fn member(field: Field) -> &'static str {
    match field {
        Field::MediaType => "media_type",
        Field::ArtifactType => "artifact_type",
        Field::Size => "size",
        Field::Digest => "digest",
        Field::Annotations => "annotations",
        Field::PlatformOs => "os",
        Field::PlatformArchitecture => "architecture",
        Field::PlatformOsFeatures => "features",
        _ => "nothing",
    }
}

/// What stands at a path, if it is of this type.
fn get(value: &str, path: &str, of: &str) -> String {
    format!("try_variant_get({value}, '{path}', '{of}')")
}

/// A value as text, null when it is of another kind.
fn text(value: &str) -> String {
    format!("CASE WHEN schema_of_variant({value}) = 'STRING' THEN CAST({value} AS STRING) END")
}

fn number(value: &str) -> String {
    let kind = format!("schema_of_variant({value})");
    let number = format!("CAST({value} AS DECIMAL(38, 0))");
    format!(
        "CASE WHEN {kind} = 'BIGINT' OR {kind} LIKE 'DECIMAL(%,0)' THEN CASE WHEN {number} BETWEEN 0 AND {} THEN {number} END END",
        u64::MAX
    )
}

/// A value as a media type: in lower case, without parameters.
fn media_type(value: &str) -> String {
    format!(
        r"translate(trim(BOTH ' \t\n\u000C\r' FROM substring_index({}, ';', 1)), 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')",
        text(value)
    )
}

fn annotations(value: &str, path: &str) -> String {
    format!("transform_values({}, (k, v) -> {})", get(value, path, "map<string,variant>"), text("v"))
}

fn telling(value: &str) -> String {
    format!("CASE WHEN {value} NOT IN ({}) THEN {value} END", literals(&Spark, &saying_nothing()))
}

/// A list of descriptors with those of their values that rules look at.
fn descriptors(list: &str, fields: &[Field]) -> String {
    let at = |path: &str| get("m", path, "variant");
    let mut values = vec![format!("'media_type', {}", media_type(&at("$.mediaType")))];
    values.extend(fields.iter().map(|field| {
        let value = match field {
            Field::ArtifactType => telling(&format!("nullif({}, '')", media_type(&at("$.artifactType")))),
            Field::Size => number(&at("$.size")),
            Field::Digest => text(&at("$.digest")),
            Field::Annotations => annotations("m", "$.annotations"),
            Field::PlatformOs => text(&at("$.platform.os")),
            Field::PlatformArchitecture => text(&at("$.platform.architecture")),
            _ => {
                format!("transform({}, f -> {})", get("m", "$.platform[\"os.features\"]", "array<variant>"), text("f"))
            }
        };
        format!("'{}', {value}", member(*field))
    }));
    format!("transform({list}, m -> named_struct({}))", values.join(", "))
}

fn view(order: &Order<'_>) -> String {
    let set = &order.chosen.catalog.rules;
    let fields = member_fields(set);
    let at = |path: &str| get("document", path, "variant");
    let list = |name: &str| get("document", &format!("$.{name}"), "array<variant>");
    let object = |name: &str| get("document", &format!("$.{name}"), "map<string,variant>");
    format!(
        r"CREATE OR REPLACE TEMPORARY VIEW classified_manifests AS
WITH parsed AS (
  SELECT digest, try_parse_json(document) AS document FROM manifests
),
-- Values of another kind than expected are null from here on.
read AS (
  SELECT
    digest,
    {media_type} AS media_type,
    nullif({artifact_type}, '') AS written_artifact_type,
    {config} IS NOT NULL AS has_config,
    {config_type} AS written_config_type,
    {config_size} AS config_size,
    {config_digest} AS config_digest,
    {config_annotations} AS config_annotations,
    CASE WHEN {subject} IS NOT NULL THEN coalesce({subject_type}, '') END AS subject_type,
    {annotations} AS annotations,
    {layers} AS read_layers,
    {blobs} AS read_blobs,
    {manifests} AS read_manifests,
    {fs_layers} IS NOT NULL AS has_fs_layers
  FROM parsed
),
listed AS (
  SELECT
    *,
    read_layers IS NOT NULL AS has_layers,
    read_blobs IS NOT NULL AS has_blobs,
    read_manifests IS NOT NULL AS has_manifests,
    {layer_list} AS layers,
    {manifest_list} AS manifests
  FROM read
),
facts AS (
  SELECT
    *,
    {shape} AS shape,
    {telling_artifact_type} AS artifact_type,
    CASE WHEN {telling_artifact_type} IS NULL THEN written_artifact_type END AS placeholder_artifact_type,
    {telling_config_type} AS config_type,
    CASE WHEN {telling_config_type} IS NULL THEN written_config_type END AS placeholder_config_type,
    size(layers) AS layers_count,
    size(manifests) AS manifests_count,
    array_distinct(transform(layers, d -> coalesce(d.media_type, ''))) AS layer_types,
    array_distinct(transform(manifests, d -> coalesce(d.media_type, ''))) AS manifest_types
  FROM listed
),
decided AS (
  SELECT
    digest,
    {decision} AS rule,
    array_compact(CAST(array({facets}) AS ARRAY<STRING>)) AS facets
  FROM facts
)
SELECT d.digest, d.rule, r.type, coalesce(r.certainty, 'unknown') AS certainty, t.label, t.title, t.roles, t.status, t.tier, d.facets
FROM decided AS d
LEFT JOIN oci_artifact_rules AS r ON r.id = d.rule
LEFT JOIN oci_artifact_types AS t ON t.id = r.type;
",
        media_type = media_type(&at("$.mediaType")),
        artifact_type = media_type(&at("$.artifactType")),
        config = object("config"),
        config_type = media_type(&at("$.config.mediaType")),
        config_size = number(&at("$.config.size")),
        config_digest = text(&at("$.config.digest")),
        config_annotations = annotations("document", "$.config.annotations"),
        subject = object("subject"),
        subject_type = media_type(&at("$.subject.mediaType")),
        annotations = annotations("document", "$.annotations"),
        layers = list("layers"),
        blobs = list("blobs"),
        manifests = list("manifests"),
        fs_layers = list("fsLayers"),
        layer_list = descriptors("concat(coalesce(read_layers, array()), coalesce(read_blobs, array()))", &fields),
        manifest_list = descriptors("coalesce(read_manifests, array())", &fields),
        shape = shape(&Spark, "written_config_type", "    "),
        telling_artifact_type = telling("written_artifact_type"),
        telling_config_type = telling("written_config_type"),
        decision = decision(&Spark, rules(set), "    "),
        facets = facet_cases(&Spark, set).join(",\n      "),
    )
}

pub(super) fn make<'a>(order: &'a Order<'a>) -> Result<Exported<'a>, serde_json::Error> {
    let set = &order.chosen.catalog.rules;
    let mut text = head(
        "spark-sql",
        order,
        &[
            "Expects a table or view manifests(digest, document) with documents as text, and makes the temporary views",
            "oci_artifact_rules, oci_artifact_types and classified_manifests. For Spark 4.0 and later.",
        ],
    );
    let tables = [
        ("oci_artifact_rules", &["id", "type", "certainty"][..], rule_rows(&Spark, set)),
        ("oci_artifact_types", &["id", "label", "title", "roles", "status", "tier"], type_rows(&Spark, order)),
    ];
    for (name, columns, rows) in tables {
        let _ = write!(text, "\nCREATE OR REPLACE TEMPORARY VIEW {name} AS\n");
        if rows.is_empty() {
            let columns = columns.iter().map(|column| {
                let kind = if *column == "roles" { "ARRAY<STRING>" } else { "STRING" };
                format!("CAST(NULL AS {kind}) AS {column}")
            });
            let _ = writeln!(text, "SELECT {} WHERE FALSE;", columns.collect::<Vec<_>>().join(", "));
        } else {
            let _ = write!(text, "SELECT * FROM VALUES\n  {}\nAS t ({});\n", rows.join(",\n  "), columns.join(", "));
        }
    }
    text.push('\n');
    text.push_str(&view(order));
    Ok(exported("oci-artifact-types.sql", text))
}

#[cfg(test)]
mod tests {
    use super::super::tests::made;
    use super::*;

    #[test]
    fn literals_are_quoted() {
        for (text, expected) in [
            ("plain", "'plain'"),
            ("it's", r"'it\'s'"),
            (r"a\b'", r"'a\\b\''"),
            ("a;\nb", r"'a;\u000Ab'"),
            ("-- ${x}", r"'-- \u0024{x}'"),
            ("\0", r"'\u0000'"),
        ] {
            assert_eq!(literal(text), expected);
        }
    }

    #[test]
    fn the_view_tries_the_rules_in_order() {
        let text = made(make);
        let expected = r#"    COALESCE(
      CASE
        WHEN artifact_type = 'application/vnd.one' THEN 'one/1'
        WHEN config_type IN ('application/vnd.two', 'application/vnd.\u0024oci\u0024') AND startswith(try_element_at(annotations, 'k'), 'v') THEN 'two/1'
        WHEN config_type IS NULL AND exists(layers, d -> d.media_type = 'application/vnd.l' AND try_element_at(d.annotations, 'a\'b"c') = 'it\'s') AND (((NOT forall(layer_types, t -> t = 'application/vnd.l'))) IS NOT TRUE) THEN 'one/2'
      END
    ) AS rule,
"#;
        assert!(text.contains(expected), "{text}");
        let row = r#"('one', 'One', 'It\'s \\ "one"\u000A\u0024oci\u0024 \u0024{x} --', array('chart', 'sbom'), 'active', 'listed')"#;
        assert!(text.contains(row), "{text}");
        // As the page says, statements can be told by their ends.
        assert_eq!(text.matches(";\n").count(), 3, "{text}");
    }
}
