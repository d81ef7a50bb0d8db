//! The dialect of DuckDB.

use std::fmt::Write as _;

use super::super::{Exported, Order, declare_export};
use super::{
    Dialect, column, condition, decision, exported, facet_cases, head, list, literals, member_fields, rule_rows, rules,
    saying_nothing, shape, type_rows, types_of,
};
use crate::catalog::predicate::{Field, List};

use super::statement::{Check, Scope, Statement, Value};

declare_export! {
    /// A view of DuckDB that says what manifests are.
    ///
    /// ## How to use it
    /// Your manifests stand in a table or view `manifests` with the columns `digest` and `document` (JSON or text); a view
    /// may read them from files. Then run the file, again for each new version of the catalog, and ask the view.
    ///
    /// ```console
    /// $ oat export duckdb --out oci-artifact-types.sql
    /// $ duckdb registry.db -c "CREATE VIEW manifests AS SELECT digest, document FROM 'manifests/*.parquet'"
    /// $ duckdb registry.db -f oci-artifact-types.sql
    /// $ duckdb registry.db -c 'SELECT label, count(*) FROM classified_manifests GROUP BY label'
    /// ```
    ///
    /// It makes
    ///
    /// - the view `classified_manifests`: digest; the id of the rule that decides, such as `helm-chart/1`; its type; whether
    ///   it shows exactly this type (`exact`), only its family (`family`), or nothing is known (`unknown`); label, title,
    ///   roles, status and tier of the type; the facets that apply besides. What you do not select is not computed;
    /// - the tables `oci_artifact_rules` (from a rule to its type and certainty) and `oci_artifact_types`;
    /// - the macros `oci_text`, `oci_media_type`, `oci_number` and `oci_telling`, on which the view rests.
    ///
    /// ## What it takes into account
    /// The same rules in the same order as `oat identify`, as far as the document alone decides them. What needs the config
    /// blob, the tag, the parent index or the children is left out, and so are candidates and sub-types: `oci-image` stands
    /// for some images that a look at their config would name more exactly. A type that your selection leaves out is still
    /// told from the others: its row has a rule and a type, and neither label nor title.
    ///
    /// ## Traps
    /// - It uses `lambda x: …`, which DuckDB has since 1.3; older releases know only `x -> …`.
    /// - A text that is no JSON has null as its rule, as a document of an unknown kind has.
    /// - Of two members with one name DuckDB takes the first; `oat identify` refuses such a document.
    /// - `json_transform` gives a structure of nulls for an array where an object is expected. The view therefore looks at the
    ///   text of `config` and `subject`; write your own queries with the same care.
    ///
    /// ## Speed
    /// 52,000 documents a second, where `oat identify` read 667,000: a million manifests (1.5 GB) on two processors of one
    /// machine, in one run, without the 4 s of loading them. `benches/run --only sql` measures it on yours.
    ///
    /// ## Source
    /// - [Transforming JSON to nested types](https://github.com/duckdb/duckdb-web/blob/v1.3.0/docs/stable/data/json/json_functions.md)
    /// - [Lambda functions](https://github.com/duckdb/duckdb-web/blob/v1.3.0/docs/stable/sql/functions/lambda.md)
    pub static DUCKDB = { id: "duckdb", title: "DuckDB", versions: [], standing: Live, make: make }
}

pub(super) struct DuckDb;

/// A text as a literal; in DuckDB a backslash is a character like others.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\0', "\u{fffd}").replace('\'', "''"))
}

impl Dialect for DuckDb {
    fn text(&self, text: &str) -> String {
        literal(text)
    }

    fn value(&self, scope: Scope, field: Field, key: &str) -> String {
        match (scope, field) {
            (Scope::Document, Field::Annotations) => format!("oci_text(annotations[{}])", literal(key)),
            (Scope::Document, Field::ConfigAnnotations) => format!("oci_text(config.annotations[{}])", literal(key)),
            (Scope::Document, Field::ConfigDigest) => "oci_text(config.digest)".to_owned(),
            (Scope::Document, Field::ConfigSize) => "oci_number(config.size)".to_owned(),
            (Scope::Document, field) => column(field).to_owned(),
            (Scope::Member, Field::Annotations) => format!("oci_text(d.annotations[{}])", literal(key)),
            (Scope::Member, field) => format!("d.{}", member(field)),
        }
    }

    fn starts_with(&self, value: &str, prefix: &str) -> String {
        format!("starts_with({value}, {})", literal(prefix))
    }

    fn overlaps(&self, list: List, media_types: &[&str]) -> String {
        let types = types_of(list);
        match media_types {
            [one] => format!("list_contains({types}, {})", literal(one)),
            _ => format!("list_has_any({types}, [{}])", literals(self, media_types)),
        }
    }

    fn within(&self, list: List, media_types: &[&str]) -> String {
        format!("list_has_all([{}], {})", literals(self, media_types), types_of(list))
    }

    fn some(&self, of: List, first: bool, each: &Statement<'_>) -> String {
        let list = format!("{}{}", list(of), if first { "[1:1]" } else { "" });
        format!("(len(list_filter({list}, lambda d: {})) > 0)", condition(self, Scope::Member, each))
    }

    fn texts(&self, texts: &[String]) -> String {
        format!("[{}]", texts.join(", "))
    }

    fn check(&self, scope: Scope, value: &Value<'_>) -> String {
        if (scope, value.field) != (Scope::Member, Field::PlatformOsFeatures) {
            return self.compare(&self.value(scope, value.field, value.key), &value.check);
        }
        let some =
            |check: &Check<'_>| format!("len(list_filter(d.features, lambda f: {})) > 0", self.compare("f", check));
        match &value.check {
            Check::Present(false) => format!("(({}) IS NOT TRUE)", some(&Check::Present(true))),
            check => format!("({})", some(check)),
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

/// The macros on which the view rests. Values arrive as the text of their JSON: one that begins with a quote is a text.
fn macros() -> String {
    let says_nothing = literals(&DuckDb, &saying_nothing());
    format!(
        r#"CREATE OR REPLACE MACRO oci_text(value) AS
  CASE WHEN starts_with(value, '"') THEN CASE WHEN contains(value, '\') THEN json_extract_string(value, '$') ELSE value[2:-2] END END;
CREATE OR REPLACE MACRO oci_media_type(value) AS
  translate(
    trim(split_part(oci_text(value), ';', 1), chr(32) || chr(9) || chr(10) || chr(12) || chr(13)),
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz');
CREATE OR REPLACE MACRO oci_number(value) AS
  CASE WHEN regexp_full_match(value, '[0-9]+') THEN TRY_CAST(value AS UBIGINT) END;
CREATE OR REPLACE MACRO oci_telling(media_type) AS
  CASE WHEN media_type NOT IN ({says_nothing}) THEN media_type END;
"#
    )
}

/// A list of descriptors with those of their values that rules look at.
fn descriptors(list: &str, fields: &[Field]) -> String {
    let mut values = vec!["media_type: oci_media_type(d.\"mediaType\")".to_owned()];
    values.extend(fields.iter().map(|field| {
        let value = match field {
            Field::ArtifactType => "oci_telling(nullif(oci_media_type(d.\"artifactType\"), ''))",
            Field::Size => "oci_number(d.size)",
            Field::Digest => "oci_text(d.digest)",
            Field::Annotations => "d.annotations",
            Field::PlatformOs => "oci_text(d.platform.os)",
            Field::PlatformArchitecture => "oci_text(d.platform.architecture)",
            _ => "list_transform(d.platform.\"os.features\", lambda f: oci_text(f))",
        };
        format!("{}: {value}", member(*field))
    }));
    format!("list_transform({list}, lambda d: {{{}}})", values.join(", "))
}

/// What is read of a document.
fn structure() -> String {
    let descriptor = r#"{"mediaType":"JSON","artifactType":"JSON","size":"JSON","digest":"JSON","annotations":"MAP(VARCHAR,JSON)","platform":{"os":"JSON","architecture":"JSON","os.features":["JSON"]}}"#;
    format!(
        r#"{{"mediaType":"JSON","artifactType":"JSON","config":"JSON","subject":"JSON","annotations":"MAP(VARCHAR,JSON)","layers":[{descriptor}],"blobs":[{descriptor}],"manifests":[{descriptor}],"fsLayers":["JSON"]}}"#
    )
}

fn view(order: &Order<'_>) -> String {
    let set = &order.chosen.catalog.rules;
    let fields = member_fields(set);
    format!(
        r#"CREATE OR REPLACE VIEW classified_manifests AS
WITH parsed AS (
  SELECT digest, from_json(TRY_CAST(document AS JSON), '{structure}') AS document
  FROM manifests
),
-- Values of another kind than expected are null from here on.
read AS (
  SELECT
    digest,
    oci_media_type(document."mediaType") AS media_type,
    nullif(oci_media_type(document."artifactType"), '') AS written_artifact_type,
    starts_with(document.config, '{{') IS TRUE AS has_config,
    from_json(document.config, '{{"mediaType":"JSON","size":"JSON","digest":"JSON","annotations":"MAP(VARCHAR,JSON)"}}') AS config,
    oci_media_type(json_extract(document.config, '$.mediaType')) AS written_config_type,
    CASE WHEN starts_with(document.subject, '{{')
      THEN coalesce(oci_media_type(json_extract(document.subject, '$.mediaType')), '') END AS subject_type,
    document.annotations AS annotations,
    document.layers IS NOT NULL AS has_layers,
    document.blobs IS NOT NULL AS has_blobs,
    document.manifests IS NOT NULL AS has_manifests,
    document."fsLayers" IS NOT NULL AS has_fs_layers,
    {layers} AS layers,
    {manifests} AS manifests
  FROM parsed
),
facts AS (
  SELECT
    *,
    {shape} AS shape,
    oci_telling(written_artifact_type) AS artifact_type,
    CASE WHEN oci_telling(written_artifact_type) IS NULL THEN written_artifact_type END AS placeholder_artifact_type,
    oci_telling(written_config_type) AS config_type,
    CASE WHEN oci_telling(written_config_type) IS NULL THEN written_config_type END AS placeholder_config_type,
    len(layers) AS layers_count,
    len(manifests) AS manifests_count,
    list_distinct(list_transform(layers, lambda d: coalesce(d.media_type, ''))) AS layer_types,
    list_distinct(list_transform(manifests, lambda d: coalesce(d.media_type, ''))) AS manifest_types
  FROM read
),
decided AS (
  SELECT
    digest,
    {decision} AS rule,
    list_filter([{facets}]::VARCHAR[], lambda f: f IS NOT NULL) AS facets
  FROM facts
)
SELECT d.digest, d.rule, r.type, coalesce(r.certainty, 'unknown') AS certainty, t.label, t.title, t.roles, t.status, t.tier, d.facets
FROM decided AS d
LEFT JOIN oci_artifact_rules AS r ON r.id = d.rule
LEFT JOIN oci_artifact_types AS t ON t.id = r.type;
"#,
        structure = structure(),
        layers = descriptors("list_concat(coalesce(document.layers, []), coalesce(document.blobs, []))", &fields),
        manifests = descriptors("coalesce(document.manifests, [])", &fields),
        shape = shape(&DuckDb, "written_config_type", "    "),
        decision = decision(&DuckDb, rules(set), "    "),
        facets = facet_cases(&DuckDb, set).join(",\n      "),
    )
}

pub(super) fn make<'a>(order: &'a Order<'a>) -> Result<Exported<'a>, serde_json::Error> {
    let set = &order.chosen.catalog.rules;
    let mut text = head(
        "duckdb",
        order,
        &[
            "Expects a table or view manifests(digest, document) with documents as JSON or text, and makes some macros, the",
            "tables oci_artifact_rules and oci_artifact_types, and the view classified_manifests. For DuckDB 1.3 and later.",
        ],
    );
    text.push('\n');
    text.push_str(&macros());
    let tables = [
        ("oci_artifact_rules", "id VARCHAR, type VARCHAR, certainty VARCHAR", rule_rows(&DuckDb, set)),
        (
            "oci_artifact_types",
            "id VARCHAR, label VARCHAR, title VARCHAR, roles VARCHAR[], status VARCHAR, tier VARCHAR",
            type_rows(&DuckDb, order),
        ),
    ];
    for (name, columns, rows) in tables {
        let _ = write!(text, "\nCREATE OR REPLACE TABLE {name} ({columns});\n");
        if !rows.is_empty() {
            let _ = write!(text, "INSERT INTO {name} VALUES\n  {};\n", rows.join(",\n  "));
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
            ("it's", "'it''s'"),
            (r"a\b'", r"'a\b'''"),
            ("a\nb", "'a\nb'"),
            ("-- ${x}", "'-- ${x}'"),
            ("\0", "'\u{fffd}'"),
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
        WHEN config_type IN ('application/vnd.two', 'application/vnd.$oci$') AND starts_with(oci_text(annotations['k']), 'v') THEN 'two/1'
        WHEN config_type IS NULL AND (len(list_filter(layers, lambda d: d.media_type = 'application/vnd.l' AND oci_text(d.annotations['a''b"c']) = 'it''s')) > 0) AND (((NOT list_has_all(['application/vnd.l'], layer_types))) IS NOT TRUE) THEN 'one/2'
      END
    ) AS rule,
"#;
        assert!(text.contains(expected), "{text}");
        let row = "('one', 'One', 'It''s \\ \"one\"\n$oci$ ${x} --', ['chart', 'sbom'], 'active', 'listed')";
        assert!(text.contains(row), "{text}");
    }
}
