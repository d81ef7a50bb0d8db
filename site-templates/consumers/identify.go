// Identify OCI manifests with nothing but mediaTypeMappings.json. Go 1.19, standard library. An empty artifactType is
// absent; where a document has both layers and blobs they are one list, layers first.
//
//	go run identify.go mediaTypeMappings.json (manifest.json... | --check conformance/index.json)
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"
)

type object = map[string]any // A struct would not do: encoding/json takes "MediaType" for "mediaType" there.
type list = []any
type lacking struct{} // What the caller does not have: it passes no test at all. What is absent is nil.

const docker, ociManifest = "application/vnd.docker.distribution.manifest", "application/vnd.oci.image.manifest.v1+json"

var mapping = load(os.Args[1])
var artifact = map[any]any{"application/vnd.oci.artifact.manifest.v1+json": "oci-artifact-manifest",
	"application/vnd.cncf.oras.artifact.manifest.v1+json": "oras-artifact-manifest"}

// only gives the zero value for a value of another kind: identification never fails on a JSON object.
func only[T any](value any) T {
	kept, _ := value.(T)
	return kept
}

func pick(condition bool, yes, no any) any {
	if condition {
		return yes
	}
	return no
}

func filter(values list, test func(any) bool) list {
	kept := list{}
	for _, value := range values {
		if test(value) {
			kept = append(kept, value)
		}
	}
	return kept
}

func has(values list, wanted any) bool {
	return len(filter(values, func(value any) bool { return value == wanted })) > 0
}

func isText(value any) bool { return value == only[string](value) }
func text(value any) any    { return pick(isText(value), value, nil) }
func count(values list) any { return json.Number(fmt.Sprint(len(values))) }

func number(value any) any {
	return pick(json.Unmarshal([]byte(only[json.Number](value)), new(uint64)) == nil, value, nil)
}

func mediaType(value any) any {
	bare, _, _ := strings.Cut(only[string](value), ";")
	lower := func(c rune) rune { return pick('A' <= c && c <= 'Z', c+'a'-'A', c).(rune) }
	return pick(isText(value), strings.Map(lower, strings.Trim(bare, " \t\n\f\r")), nil)
}

// facts has all fields of a document or descriptor, and of the context that the caller has.
func facts(doc, context object) object {
	config, subject := only[object](doc["config"]), only[object](doc["subject"])
	layers, blobs, manifests := only[list](doc["layers"]), only[list](doc["blobs"]), only[list](doc["manifests"])
	parent, blob := only[object](context["parent"]), context["config"]
	platform, home := only[object](doc["platform"]), only[object](parent["platform"])
	own, kind, configKind := mediaType(doc["mediaType"]), mediaType(doc["artifactType"]), mediaType(config["mediaType"])
	silent := func(kind any) bool { return has(mapping["placeholders"].(list), kind) }
	tells := func(kind any) any { return pick(kind == "" || silent(kind), nil, kind) }

	// The shape is told by the body first, the written mediaType only decides what the body leaves open.
	indexed, manifest, schema1 := manifests != nil, config != nil || layers != nil, only[list](doc["fsLayers"]) != nil
	image := configKind == "application/vnd.docker.container.image.v1+json" && own != ociManifest
	shape := pick(schema1, "docker-schema1", artifact[own])
	shape = pick(manifest, pick(image || own == docker+".v2+json", "docker-manifest", "oci-manifest"), shape)
	shape = pick(indexed, pick(own == docker+".list.v2+json", "docker-manifest-list", "oci-index"), shape)
	shape = pick(indexed && (manifest || schema1 || blobs != nil) || manifest && schema1, nil, shape)

	layers = append(layers, blobs...)
	return object{
		"shape": shape, "mediaType": own, "size": number(doc["size"]), "digest": text(doc["digest"]),
		"artifactType": tells(kind), "placeholder.artifactType": pick(silent(kind), kind, nil),
		"config.mediaType":             pick(silent(configKind), nil, configKind),
		"placeholder.config.mediaType": pick(silent(configKind), configKind, nil),
		"config.size":                  number(config["size"]), "config.digest": text(config["digest"]),
		"annotations": doc["annotations"], "config.annotations": config["annotations"],
		"subject": pick(subject != nil, only[string](mediaType(subject["mediaType"])), nil),
		"layers":  layers, "layers.count": count(layers), "manifests": manifests, "manifests.count": count(manifests),
		"platform.os": text(platform["os"]), "platform.architecture": text(platform["architecture"]),
		"platform.os.features": filter(only[list](platform["os.features"]), isText),
		"children":             only[list](context["children"]), "context.tag": text(context["tag"]),
		"context.config":              pick(blob != nil, places(blob, "", object{}), lacking{}),
		"context.parent.annotations":  pick(parent != nil, parent["annotations"], lacking{}),
		"context.parent.artifactType": pick(parent != nil, tells(mediaType(parent["artifactType"])), lacking{}),
		"context.parent.platform.os":  pick(parent != nil, pick(home != nil, only[string](home["os"]), nil), lacking{}),
	}
}

// places has all values of a config by their JSON pointers (RFC 6901): strings as they are, others as JSON.
func places(value any, pointer string, into object) object {
	var written strings.Builder
	encoder := json.NewEncoder(&written)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(value)
	into[pointer] = pick(isText(value), value, strings.TrimSuffix(written.String(), "\n"))
	for name, member := range only[object](value) {
		places(member, pointer+"/"+strings.NewReplacer("~", "~0", "/", "~1").Replace(name), into)
	}
	for i, element := range only[list](value) {
		places(element, fmt.Sprint(pointer, "/", i), into)
	}
	return into
}

// holds tells whether a predicate is true of a document or descriptor, of which the facts are known.
func holds(when, known object) bool {
	value, asked := known[only[string](when["field"])]
	if key, keyed := when["key"].(string); keyed && value != any(lacking{}) {
		value = text(only[object](value)[key])
	}
	values, several := value.(list)
	values = pick(several || value == nil, values, list{value}).(list)
	part := func(part any) bool { return holds(part.(object), known) }
	match := func(member any) bool { return holds(when["match"].(object), facts(only[object](member), nil)) }
	all, some, oneOf := only[list](when["all"]), only[list](when["any"]), only[list](when["oneOf"])
	prefix, begins := when["prefix"].(string)
	switch {
	case all != nil:
		return len(filter(all, part)) == len(all)
	case some != nil:
		return len(filter(some, part)) > 0
	case when["not"] != nil:
		return !part(when["not"])
	case asked && when["present"] != nil:
		return value != any(lacking{}) && when["present"] == (len(values) > 0)
	case asked && when["equals"] != nil:
		return has(values, when["equals"])
	case asked && oneOf != nil:
		return len(filter(oneOf, func(one any) bool { return has(values, one) })) > 0
	case asked && begins:
		return len(filter(values, func(one any) bool { return strings.HasPrefix(only[string](one), prefix) })) > 0
	}
	for name, which := range when {
		if members, listed := known[name].(list); listed {
			found := len(filter(members, match))
			return found > 0 && (which == "any" || found == len(members) || which == "first" && match(members[0]))
		}
	}
	panic(fmt.Sprint("unknown predicate ", when, ": the mapping is newer than this program"))
}

func identify(doc, context object) object {
	known, facets, subtypes := facts(doc, context), list{}, list{}
	applying := func(name string) list {
		return filter(mapping[name].(list), func(rule any) bool { return holds(rule.(object)["when"].(object), known) })
	}
	// The order is the point: the first rule that holds decides.
	rule := append(applying("rules"), object{"certainty": "unknown"})[0].(object)
	for _, one := range applying("facets") {
		if facet := one.(object)["facet"]; !has(facets, facet) {
			facets = append(facets, facet)
		}
	}
	for _, one := range applying("subtypes") {
		if one := one.(object); one["type"] == rule["type"] {
			subtypes = append(subtypes, one["subtype"])
		}
	}
	return object{"type": rule["type"], "certainty": rule["certainty"], "rule": rule["id"],
		"facets": facets, "subtypes": subtypes}
}

func load(path string) (value object) {
	file, err := os.Open(path)
	decoder := json.NewDecoder(file)
	decoder.UseNumber() // A size is a whole number, as it is written.
	if invalid := decoder.Decode(&value); err != nil || invalid != nil {
		log.Fatalln(path, err, invalid)
	}
	return value
}

func check(index string) bool {
	total, wrong := 0, 0
	for _, name := range load(index)["files"].(list) {
		for _, one := range load(filepath.Join(filepath.Dir(index), name.(string)))["vectors"].(list) {
			vector := one.(object)
			answer := identify(vector["document"].(object), only[object](vector["context"]))
			expect, facets := vector["expect"].(object), answer["facets"].(list)
			right := expect["type"] == answer["type"] && expect["certainty"] == answer["certainty"]
			if total++; !pick(expect["facet"] == nil, right, has(facets, expect["facet"])).(bool) {
				wrong++
				log.Println(vector["id"], "expected", expect, "got", answer)
			}
		}
	}
	fmt.Printf("%d of %d vectors pass\n", total-wrong, total)
	return wrong == 0 && total > 0
}

func main() {
	if os.Args[2] == "--check" {
		os.Exit(pick(check(os.Args[3]), 0, 1).(int))
	}
	for _, path := range os.Args[2:] {
		_ = json.NewEncoder(os.Stdout).Encode(identify(load(path), nil))
	}
}
