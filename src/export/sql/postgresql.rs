//! The dialect of PostgreSQL.

use std::fmt::Write as _;

use super::super::{Exported, Order, declare_export};
use super::{
    Dialect, among, column, decision, exported, facet_cases, head, list, literals, member_fields, rule_rows, rules,
    saying_nothing, shape, type_rows, types_of,
};
use crate::catalog::predicate::{Field, List};

use super::statement::{Check, Scope, Statement, Value};

declare_export! {
    /// A function of PostgreSQL that says what manifests are.
    ///
    /// ## How to use it
    /// Your manifests stand in a table `manifests` with the columns `digest` (text) and `document` (`jsonb`, `json` or
    /// text); a view of that name does as well. Then run the file, again for each new version of the catalog, and ask the
    /// view.
    ///
    /// ```console
    /// $ oat export postgresql --out oci-artifact-types.sql
    /// $ psql --set ON_ERROR_STOP=1 --file oci-artifact-types.sql registry
    /// $ psql --command 'SELECT label, count(*) FROM classified_manifests GROUP BY label' registry
    /// ```
    ///
    /// It makes
    ///
    /// - the function `oci_artifact_rule(jsonb)`, which gives the id of the rule that decides, such as `helm-chart/1`, or
    ///   null when none does;
    /// - the function `oci_artifact_facets(jsonb)`, which gives the ids of the facets that apply besides;
    /// - the tables `oci_artifact_rules` (from a rule to its type, and whether it shows exactly this type or only the
    ///   family) and `oci_artifact_types` (label, title, roles, status and tier of a type);
    /// - the view `classified_manifests`, which joins them. Facets are only looked for where their column is asked for.
    ///
    /// Both functions are immutable, safe to run in parallel, and name no other function than those of PostgreSQL: a
    /// generated column or an index may rest on them.
    ///
    /// ```sql
    /// ALTER TABLE manifests ADD COLUMN artifact_rule text GENERATED ALWAYS AS (oci_artifact_rule(document)) STORED;
    /// CREATE INDEX ON manifests (artifact_rule);
    /// ```
    ///
    /// ## What it takes into account
    /// The same rules in the same order as `oat identify`, as far as the document alone decides them. What needs the config
    /// blob, the tag, the parent index or the children is left out, and so are candidates and sub-types: `oci-image` stands
    /// for some images that a look at their config would name more exactly. A type that your selection leaves out is still
    /// told from the others: its row has a rule and a type, and neither label nor title.
    ///
    /// ## Traps
    /// - A generated column and an index keep the answers of the version with which they were computed. After an update of
    ///   the function add the column anew, or `REINDEX`.
    /// - `json` and text may hold what `jsonb` refuses, such as `\u0000`: the view casts the column, so one such row ends
    ///   the query. Clean these rows, or leave them out in a view named `manifests`.
    /// - `jsonb` keeps the last of two members with one name and forgets that there were two; `oat identify` refuses such
    ///   a document.
    /// - Just-in-time compilation does not help functions in PL/pgSQL. With a hundred million rows raise
    ///   `max_parallel_workers_per_gather` instead.
    ///
    /// ## Speed
    /// 30,000 documents a second, where `oat identify` read 667,000: a million manifests (1.5 GB) on two processors of one
    /// machine, in one run, without the 39 s of loading them. `benches/run --only sql` measures it on yours.
    ///
    /// ## Source
    /// - [Functions and operators of `jsonb`, and the path language with its strict mode](https://www.postgresql.org/docs/15/functions-json.html)
    /// - [Volatility of functions](https://www.postgresql.org/docs/15/xfunc-volatility.html) and
    ///   [labels for parallel queries](https://www.postgresql.org/docs/15/parallel-safety.html)
    /// - [Generated columns](https://www.postgresql.org/docs/15/ddl-generated-columns.html)
    pub static POSTGRESQL = {
        id: "postgresql", title: "PostgreSQL", versions: [], standing: Live, make: make,
    }
}

/// White space around a media type.
const SPACE: &str = r"E' \t\n\f\r'";

pub(super) struct PostgreSql;

/// What stands around the functions.
const QUOTE: &str = "$oci$";

/// A text as a literal that means the same under every setting, also between dollar quotes.
fn literal(text: &str) -> String {
    if !text.contains(QUOTE) && text.chars().all(|c| !c.is_control() && c != '\\') {
        return format!("'{}'", text.replace('\'', "''"));
    }
    let mut literal = "E'".to_owned();
    for c in text.chars() {
        match c {
            '\'' => literal.push_str("''"),
            '\\' => literal.push_str(r"\\"),
            // No text of the engine holds it.
            '\0' => literal.push('\u{fffd}'),
            '$' => literal.push_str(r"\x24"),
            c if c.is_control() => {
                let _ = write!(literal, "\\u{:04X}", u32::from(c));
            }
            c => literal.push(c),
        }
    }
    literal + "'"
}

/// A text as a string of JSON or of a path.
fn string(text: &str) -> String {
    serde_json::Value::from(text.replace('\0', "\u{fffd}")).to_string()
}

/// Texts as literals of `jsonb`.
fn jsonb<'t>(texts: &'t [&str]) -> impl Iterator<Item = String> + 't {
    texts.iter().map(|text| format!("{}::jsonb", literal(&string(text))))
}

impl Dialect for PostgreSql {
    fn text(&self, text: &str) -> String {
        literal(text)
    }

    fn value(&self, _: Scope, field: Field, _: &str) -> String {
        column(field).to_owned()
    }

    fn starts_with(&self, value: &str, prefix: &str) -> String {
        format!("starts_with({value}, {})", literal(prefix))
    }

    fn overlaps(&self, list: List, media_types: &[&str]) -> String {
        let types = types_of(list);
        match media_types {
            [one] => format!("{} = ANY ({types})", literal(one)),
            _ => format!("{types} && ARRAY[{}]", literals(self, media_types)),
        }
    }

    fn within(&self, list: List, media_types: &[&str]) -> String {
        format!("({} <@ ARRAY[{}])", types_of(list), literals(self, media_types))
    }

    fn some(&self, of: List, first: bool, each: &Statement<'_>) -> String {
        let path = format!("strict $[{}] ? ({})", if first { "0" } else { "*" }, path(each));
        let found = format!("jsonb_path_exists({}, {}, '{{}}', true)", list(of), literal(&path));
        // Most manifests have no annotations at their layers.
        if each.requires(Field::Annotations) { format!("({}_annotated AND {found})", list(of)) } else { found }
    }

    fn texts(&self, texts: &[String]) -> String {
        format!("ARRAY[{}]::text[]", texts.join(", "))
    }

    fn check(&self, scope: Scope, value: &Value<'_>) -> String {
        let (parent, name) = match value.field {
            Field::Annotations => ("annotations", value.key),
            Field::ConfigAnnotations => ("config -> 'annotations'", value.key),
            Field::ConfigDigest => ("config", "digest"),
            Field::ConfigSize => ("config", "size"),
            _ => return self.compare(&self.value(scope, value.field, value.key), &value.check),
        };
        let name = literal(name);
        let (at, kind) = (format!("{parent} -> {name}"), format!("jsonb_typeof({parent} -> {name})"));
        let number = format!("{kind} = 'number' AND {parent} ->> {name}");
        match &value.check {
            Check::Text(texts) => among(&at, jsonb(texts)),
            Check::Prefix(prefix) => {
                format!("({kind} = 'string' AND starts_with({parent} ->> {name}, {}))", literal(prefix))
            }
            Check::Number(numbers) => format!("({})", among(&number, numbers.iter().map(|one| format!("'{one}'")))),
            Check::Present(present) if value.field == Field::ConfigSize => {
                let there = format!("({number} ~ '^[0-9]+$' AND {at} <= '{}'::jsonb)", u64::MAX);
                if *present { there } else { format!("({there} IS NOT TRUE)") }
            }
            Check::Present(true) => format!("{kind} = 'string'"),
            Check::Present(false) => format!("{kind} IS DISTINCT FROM 'string'"),
        }
    }
}

/// A statement about a member as a filter of a path in strict mode, in which a missing member makes it unknown.
fn path(statement: &Statement<'_>) -> String {
    let part = |part: &Statement<'_>| {
        let text = path(part);
        if matches!(part, Statement::All(_) | Statement::Any(_)) { format!("({text})") } else { text }
    };
    match statement {
        // A statement about the members of a member is never made.
        Statement::Members(_) | Statement::Constant(false) => "1 == 0".to_owned(),
        Statement::Constant(true) => "1 == 1".to_owned(),
        Statement::All(parts) => parts.iter().map(part).collect::<Vec<_>>().join(" && "),
        Statement::Any(parts) => parts.iter().map(part).collect::<Vec<_>>().join(" || "),
        Statement::Not(inner) => not(&path(inner)),
        Statement::Value(value) => path_check(value),
    }
}

/// What does not hold, or is unknown.
fn not(filter: &str) -> String {
    format!("(!({filter}) || ({filter}) is unknown)")
}

fn path_check(value: &Value<'_>) -> String {
    let at = match value.field {
        Field::Annotations => format!("@.annotations.{}", string(value.key)),
        Field::PlatformOs => "@.platform.os".to_owned(),
        Field::PlatformArchitecture => "@.platform.architecture".to_owned(),
        Field::PlatformOsFeatures => {
            let of_one = |check: &Check<'_>| {
                format!("exists(@.platform.\"os.features\"[*] ? ({}))", one(value.field, "@", check))
            };
            return match &value.check {
                Check::Present(false) => not(&of_one(&Check::Present(true))),
                check => of_one(check),
            };
        }
        field => format!("@.{}", field.name()),
    };
    match &value.check {
        Check::Present(false) => not(&one(value.field, &at, &Check::Present(true))),
        check => one(value.field, &at, check),
    }
}

fn one(field: Field, at: &str, check: &Check<'_>) -> String {
    let equal = |values: Vec<String>| match &values[..] {
        [value] => format!("{at} == {value}"),
        _ => format!("({})", values.iter().map(|value| format!("{at} == {value}")).collect::<Vec<_>>().join(" || ")),
    };
    match check {
        Check::Text(texts) => equal(texts.iter().map(|text| string(text)).collect()),
        Check::Number(numbers) => equal(numbers.iter().map(u64::to_string).collect()),
        Check::Prefix(prefix) => format!("{at} starts with {}", string(prefix)),
        Check::Present(_) if field == Field::Size => {
            format!("({at}.type() == \"number\" && {at} <= {})", u64::MAX)
        }
        Check::Present(_) => format!("{at}.type() == \"string\""),
    }
}

/// The media type that stands under a name: in lower case, without parameters; null when no text stands there.
fn media_type(parent: &str, name: &str) -> String {
    format!(
        "CASE jsonb_typeof({parent} -> '{name}') WHEN 'string'\n    \
         THEN lower(btrim(split_part({parent} ->> '{name}', ';', 1), {SPACE}) COLLATE \"C\") END"
    )
}

/// A property of members whose values are put into the form in which they are compared, where some are in another.
struct Property {
    name: &'static str,
    /// The value in that form; the parent's name stands for `{}`.
    value: String,
}

/// The properties that rules compare by path, beside the media type.
fn properties(fields: &[Field]) -> Vec<Property> {
    let mut properties = Vec::new();
    if fields.contains(&Field::ArtifactType) {
        let telling = format!(
            "(SELECT t FROM (SELECT {}) AS a (t)\n            WHERE t <> ALL (says_nothing) AND t <> '')",
            media_type("{}", "artifactType").replace("\n    ", " ")
        );
        properties.push(Property { name: "artifactType", value: telling });
    }
    if fields.contains(&Field::Size) {
        // A size is written with digits alone.
        let value =
            "CASE WHEN {} ->> 'size' ~ '^[0-9]+$' AND jsonb_typeof({} -> 'size') = 'number' THEN {} -> 'size' END";
        properties.push(Property { name: "size", value: value.to_owned() });
    }
    properties
}

/// The loop that collects the media types of a list, and what puts its members into the form in which they are compared.
fn collect(of: List, properties: &[Property]) -> String {
    let (list, types) = (list(of), types_of(of));
    let found = media_type("member", "mediaType").replace("\n    ", "\n        ");
    let mut text = format!(
        "  -- The media types in {list}, each once where equal ones follow each other; '' where none stands.
  FOR n IN 0 .. {list}_count - 1 LOOP
    member := {list} -> n;
    IF n = 0 OR member -> 'mediaType' IS DISTINCT FROM seen THEN
      seen := member -> 'mediaType';
      found := coalesce({found}, '');
      {types} := array_append({types}, found);
      unusual := unusual OR found <> member ->> 'mediaType';
    END IF;
"
    );
    let mut usual =
        format!("          'mediaType', {}", media_type("d", "mediaType").replace("\n    ", "\n            "));
    for Property { name, value } in properties {
        let condition = match *name {
            "size" => "member ->> 'size' !~ '^[0-9]+$' OR jsonb_typeof(member -> 'size') = 'string'".to_owned(),
            _ => format!(
                "{} IS DISTINCT FROM member ->> '{name}'\n        OR member ->> '{name}' = ANY (says_nothing || ''::text)",
                media_type("member", name).replace("\n    ", "\n        ")
            ),
        };
        let _ = write!(text, "    IF member ? '{name}' THEN\n      unusual := unusual OR {condition};\n    END IF;\n");
        let _ = write!(usual, ",\n          '{name}', {}", value.replace("{}", "d"));
    }
    let _ = write!(
        text,
        "    {list}_annotated := {list}_annotated OR member ? 'annotations';
  END LOOP;
  IF unusual THEN
    {list} := (
      SELECT jsonb_agg(CASE jsonb_typeof(d) WHEN 'object' THEN d || jsonb_build_object(
{usual}) END ORDER BY n)
      FROM jsonb_array_elements({list}) WITH ORDINALITY AS m (d, n));
  END IF;
"
    );
    text
}

/// A function that reads a document and gives an expression over what it found.
fn function(name: &str, result: &str, expression: &str, fields: &[Field]) -> String {
    let properties = properties(fields);
    let says_nothing = literals(&PostgreSql, &saying_nothing());
    format!(
        "CREATE OR REPLACE FUNCTION {name}(document jsonb) RETURNS {result}
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 1000 AS {QUOTE}
DECLARE
  says_nothing CONSTANT text[] := ARRAY[{says_nothing}];
  annotations CONSTANT jsonb := document -> 'annotations';
  config CONSTANT jsonb := document -> 'config';
  subject CONSTANT jsonb := document -> 'subject';
  blobs CONSTANT jsonb := document -> 'blobs';
  layers jsonb := document -> 'layers';
  manifests jsonb := document -> 'manifests';
  has_config CONSTANT boolean := jsonb_typeof(config) IS NOT DISTINCT FROM 'object';
  has_layers CONSTANT boolean := jsonb_typeof(layers) IS NOT DISTINCT FROM 'array';
  has_blobs CONSTANT boolean := jsonb_typeof(blobs) IS NOT DISTINCT FROM 'array';
  has_manifests CONSTANT boolean := jsonb_typeof(manifests) IS NOT DISTINCT FROM 'array';
  has_fs_layers CONSTANT boolean := jsonb_typeof(document -> 'fsLayers') IS NOT DISTINCT FROM 'array';
  media_type CONSTANT text := {own};
  artifact_type text := nullif({artifact_type}, '');
  config_type text := {config_type};
  shape CONSTANT text := {shape};
  placeholder_artifact_type text;
  placeholder_config_type text;
  subject_type text;
  layers_count integer;
  manifests_count integer;
  layer_types text[] := '{{}}';
  manifest_types text[] := '{{}}';
  layers_annotated boolean := false;
  manifests_annotated boolean := false;
  member jsonb;
  seen jsonb;
  found text;
  unusual boolean := false;
BEGIN
  IF artifact_type = ANY (says_nothing) THEN
    placeholder_artifact_type := artifact_type;
    artifact_type := NULL;
  END IF;
  IF config_type = ANY (says_nothing) THEN
    placeholder_config_type := config_type;
    config_type := NULL;
  END IF;
  IF jsonb_typeof(subject) = 'object' THEN
    subject_type := coalesce({subject_type}, '');
  END IF;
  layers := CASE WHEN has_layers AND has_blobs THEN layers || blobs WHEN has_layers THEN layers WHEN has_blobs THEN blobs
    ELSE '[]' END;
  layers_count := jsonb_array_length(layers);
  IF NOT has_manifests THEN
    manifests := '[]';
  END IF;
  manifests_count := jsonb_array_length(manifests);
{layers}  unusual := false;
{manifests}  RETURN {expression};
END
{QUOTE};
",
        own = media_type("document", "mediaType"),
        artifact_type = media_type("document", "artifactType"),
        config_type = media_type("config", "mediaType"),
        subject_type = media_type("subject", "mediaType"),
        shape = shape(&PostgreSql, "config_type", "    "),
        layers = collect(List::Layers, &properties),
        manifests = collect(List::Manifests, &properties),
    )
}

pub(super) fn make<'a>(order: &'a Order<'a>) -> Result<Exported<'a>, serde_json::Error> {
    let set = &order.chosen.catalog.rules;
    let mut text = head(
        "postgresql",
        order,
        &[
            "Expects a table or view manifests(digest text, document jsonb), and makes the functions oci_artifact_rule and",
            "oci_artifact_facets, the tables oci_artifact_rules and oci_artifact_types, and the view classified_manifests.",
            "An index or a generated column over a function keeps the answers of the version that it was computed with.",
        ],
    );
    let fields = member_fields(set);
    let facets = facet_cases(&PostgreSql, set).join(",\n    ");
    text.push_str("\nSET client_encoding = 'UTF8';\nBEGIN;\n\n");
    text.push_str(&function("oci_artifact_rule", "text", &decision(&PostgreSql, rules(set), "  "), &fields));
    text.push('\n');
    let facets = format!("array_remove(ARRAY[{facets}]::text[], NULL)");
    text.push_str(&function("oci_artifact_facets", "text[]", &facets, &fields));
    text.push_str(
        "
CREATE TABLE IF NOT EXISTS oci_artifact_rules (id text PRIMARY KEY, type text NOT NULL, certainty text NOT NULL);
DELETE FROM oci_artifact_rules;
",
    );
    insert(&mut text, "oci_artifact_rules", &rule_rows(&PostgreSql, set));
    text.push_str(
        "
CREATE TABLE IF NOT EXISTS oci_artifact_types (
  id text PRIMARY KEY, label text NOT NULL, title text NOT NULL, roles text[] NOT NULL, status text NOT NULL, tier text NOT NULL
);
DELETE FROM oci_artifact_types;
",
    );
    insert(&mut text, "oci_artifact_types", &type_rows(&PostgreSql, order));
    text.push_str(
        "
CREATE OR REPLACE VIEW classified_manifests AS
SELECT m.digest, c.rule, r.type, coalesce(r.certainty, 'unknown') AS certainty, t.label, t.title, t.roles, t.status, t.tier,
  oci_artifact_facets(m.document::jsonb) AS facets
FROM manifests AS m
-- OFFSET keeps the planner from asking the function twice.
CROSS JOIN LATERAL (SELECT oci_artifact_rule(m.document::jsonb) AS rule OFFSET 0) AS c
LEFT JOIN oci_artifact_rules AS r ON r.id = c.rule
LEFT JOIN oci_artifact_types AS t ON t.id = r.type;

COMMIT;
",
    );
    Ok(exported("oci-artifact-types.sql", text))
}

fn insert(text: &mut String, table: &str, rows: &[String]) {
    if !rows.is_empty() {
        let _ = writeln!(text, "INSERT INTO {table} VALUES\n  {};", rows.join(",\n  "));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::made;
    use super::*;
    use crate::catalog::predicate::Predicate;

    #[test]
    fn literals_are_quoted() {
        for (text, expected) in [
            ("plain", "'plain'"),
            ("it's", "'it''s'"),
            ("-- /* ;", "'-- /* ;'"),
            (r"a\b'", r"E'a\\b'''"),
            ("a\nb\t", r"E'a\u000Ab\u0009'"),
            ("$oci$", r"E'\x24oci\x24'"),
            ("${x}", "'${x}'"),
            ("\0", "E'\u{fffd}'"),
            ("é\"", "'é\"'"),
        ] {
            assert_eq!(literal(text), expected);
        }
        assert_eq!(jsonb(&["a\"'\\"]).collect::<String>(), r#"E'"a\\"''\\\\"'::jsonb"#);
    }

    #[test]
    fn members_are_filtered_by_paths_that_never_fail() {
        let when: Predicate = serde_json::from_str(
            r#"{"all": [{"field": "mediaType", "oneOf": ["a/b", "a/c"]}, {"field": "platform.os.features", "present": false},
                {"not": {"field": "annotations", "key": "k\"", "prefix": "it's"}}]}"#,
        )
        .unwrap();
        let each: Predicate = serde_json::from_str(&format!(
            r#"{{"layers": "first", "match": {}}}"#,
            serde_json::to_string(&when).unwrap()
        ))
        .unwrap();
        let Statement::Members(members) = Statement::new(&each) else { panic!("members") };
        assert_eq!(
            path(&members.each),
            r#"(@.mediaType == "a/b" || @.mediaType == "a/c") && (!(exists(@.platform."os.features"[*] ? (@.type() == "string"))) || (exists(@.platform."os.features"[*] ? (@.type() == "string"))) is unknown) && (!(@.annotations."k\"" starts with "it's") || (@.annotations."k\"" starts with "it's") is unknown)"#
        );
        let some = PostgreSql.some(List::Layers, true, &members.each);
        assert!(some.starts_with("jsonb_path_exists(layers, E'strict \\x24[0] ? ((@.mediaType"), "{some}");
    }

    #[test]
    fn the_function_tries_the_rules_in_order() {
        let text = made(make);
        let expected = r#"  RETURN COALESCE(
    CASE
      WHEN artifact_type = 'application/vnd.one' THEN 'one/1'
      WHEN config_type IN ('application/vnd.two', E'application/vnd.\x24oci\x24') AND (jsonb_typeof(annotations -> 'k') = 'string' AND starts_with(annotations ->> 'k', 'v')) THEN 'two/1'
      WHEN config_type IS NULL AND (layers_annotated AND jsonb_path_exists(layers, E'strict \x24[*] ? (@.mediaType == "application/vnd.l" && @.annotations."a''b\\"c" == "it''s")', '{}', true)) AND (((NOT (layer_types <@ ARRAY['application/vnd.l']))) IS NOT TRUE) THEN 'one/2'
    END
  );
"#;
        assert!(text.contains(expected), "{text}");
        let row = r#"('one', 'One', E'It''s \\ "one"\u000A\x24oci\x24 \x24{x} --', ARRAY['chart', 'sbom']::text[], 'active', 'listed')"#;
        assert!(text.contains(row), "{text}");
        // Nothing but the two functions stands between dollar quotes.
        assert_eq!(text.matches("$oci$").count(), 4, "{text}");
    }
}
