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
	"strconv"
	"strings"
)

// Maps and not structs: encoding/json would take "MediaType" for "mediaType". What is absent is nil.
type object = map[string]any
type lacking struct{} // What the caller does not have: it passes no test at all.

const docker, ociManifest = "application/vnd.docker.distribution.manifest", "application/vnd.oci.image.manifest.v1+json"

var artifact = map[any]any{"application/vnd.oci.artifact.manifest.v1+json": "oci-artifact-manifest",
	"application/vnd.cncf.oras.artifact.manifest.v1+json": "oras-artifact-manifest"}

// These values say nothing as artifactType, or as the media type of the config; nor does what is absent.
var saysNothing = map[any]bool{nil: true}

// only gives the zero value for a value of another kind: identification never fails on a JSON object.
func only[T any](value any) T  { kept, _ := value.(T); return kept }
func is[T any](value any) bool { _, ok := value.(T); return ok }

func pick(condition bool, yes, no any) any {
	if condition {
		return yes
	}
	return no
}

func text(value any) any { return pick(is[string](value), value, nil) }
func number(value any) any {
	n, err := strconv.ParseUint(only[json.Number](value).String(), 10, 64)
	return pick(err == nil, json.Number(fmt.Sprint(n)), nil)
}

func mediaType(value any) any {
	bare, _, _ := strings.Cut(only[string](value), ";")
	lower := func(c rune) rune { return pick('A' <= c && c <= 'Z', c+'a'-'A', c).(rune) }
	return pick(is[string](value), strings.Map(lower, strings.Trim(bare, " \t\n\f\r")), nil)
}

func each(list any, change func(any) any) []any {
	made := []any{}
	for _, one := range only[[]any](list) {
		made = append(made, change(one))
	}
	return made
}

func filter(list any, test func(any) bool) (kept []any) {
	for _, one := range only[[]any](list) {
		if test(one) {
			kept = append(kept, one)
		}
	}
	return kept
}

// shape is the kind of document: by its body first, the written mediaType only decides what the body leaves open.
func shape(doc object) any {
	own, manifest := mediaType(doc["mediaType"]), is[object](doc["config"]) || is[[]any](doc["layers"])
	indexed, schema1 := is[[]any](doc["manifests"]), is[[]any](doc["fsLayers"])
	image := mediaType(only[object](doc["config"])["mediaType"]) == "application/vnd.docker.container.image.v1+json"
	switch {
	case indexed && (manifest || schema1 || is[[]any](doc["blobs"])) || manifest && schema1:
		return nil
	case indexed:
		return pick(own == docker+".list.v2+json", "docker-manifest-list", "oci-index")
	case manifest:
		return pick(own == docker+".v2+json" || own != ociManifest && image, "docker-manifest", "oci-manifest")
	}
	return pick(schema1, "docker-schema1", artifact[own])
}

// descriptor has the fields of a descriptor that a predicate may look at.
func descriptor(value any) any {
	members := only[object](value)
	kind, platform := mediaType(members["artifactType"]), only[object](members["platform"])
	return object{"mediaType": mediaType(members["mediaType"]), "artifactType": pick(saysNothing[kind] || kind == "", nil, kind),
		"size": number(members["size"]), "digest": text(members["digest"]), "annotations": members["annotations"],
		"platform.os": text(platform["os"]), "platform.architecture": text(platform["architecture"]),
		"platform.os.features": each(filter(platform["os.features"], is[string]), text)}
}

// document has the fields of a document, and of the context that the caller has.
func document(doc, context object) object {
	facts, config, parent := descriptor(doc).(object), descriptor(doc["config"]).(object), descriptor(context["parent"]).(object)
	kind, own := mediaType(doc["artifactType"]), mediaType(only[object](doc["config"])["mediaType"])
	facts["artifactType"] = pick(saysNothing[kind] || kind == "", nil, kind)
	facts["placeholder.artifactType"] = pick(saysNothing[kind], kind, nil)
	for name, value := range config {
		facts["config."+name] = value
	}
	facts["config.mediaType"] = pick(saysNothing[own], nil, own)
	facts["placeholder.config.mediaType"] = pick(saysNothing[own], own, nil)
	if is[object](only[object](context["parent"])["platform"]) && parent["platform.os"] == nil {
		parent["platform.os"] = "" // There is a platform, whatever it says.
	}
	for name, value := range parent {
		facts["context.parent."+name] = pick(context["parent"] == nil, lacking{}, value)
	}
	blob, given := context["config"]
	facts["context.config"], facts["context.tag"] = pick(given, blob, lacking{}), text(context["tag"])
	subject, attached := doc["subject"].(object)
	facts["subject"], facts["shape"] = pick(attached, only[string](mediaType(subject["mediaType"])), nil), shape(doc)
	layers := append(each(doc["layers"], descriptor), each(doc["blobs"], descriptor)...)
	manifests := each(doc["manifests"], descriptor)
	facts["layers"], facts["layers.count"] = layers, json.Number(strconv.Itoa(len(layers)))
	facts["manifests"], facts["manifests.count"] = manifests, json.Number(strconv.Itoa(len(manifests)))
	facts["children"] = each(context["children"], func(child any) any { return document(only[object](child), nil) })
	return facts
}

// atPointer is the value at a JSON pointer (RFC 6901) as text: strings as they are, other values as JSON.
func atPointer(value any, path string) any {
	for _, step := range strings.Split(path, "/")[1:] {
		members := object{}
		for i, element := range only[[]any](value) {
			members[strconv.Itoa(i)] = element
		}
		if is[object](value) {
			members = value.(object)
		}
		next, there := members[strings.NewReplacer("~1", "/", "~0", "~").Replace(step)]
		if value = next; !there {
			return nil
		}
	}
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(value)
	return pick(is[string](value), value, strings.TrimSuffix(out.String(), "\n"))
}

func passes(test object, value any) bool {
	values, many := value.([]any)
	if is[lacking](value) {
		return false
	} else if present, ok := test["present"].(bool); ok {
		return present == (value != nil && (!many || len(values) > 0))
	} else if prefix, ok := test["prefix"].(string); ok && !many {
		return is[string](value) && strings.HasPrefix(value.(string), prefix)
	} else if many {
		return len(filter(values, func(one any) bool { return passes(test, one) })) > 0
	} else if wanted, ok := test["equals"]; ok {
		return value == wanted
	} else if wanted, ok := test["oneOf"]; ok {
		return len(filter(wanted, func(one any) bool { return one == value })) > 0
	}
	panic(fmt.Sprint("unknown test ", test, ": the mapping is newer than this program"))
}

func holds(when, facts object) bool {
	member := func(part any) bool { return holds(only[object](part), facts) }
	if parts, ok := when["all"].([]any); ok {
		return len(filter(parts, member)) == len(parts)
	} else if parts, ok := when["any"].([]any); ok {
		return len(filter(parts, member)) > 0
	} else if part, ok := when["not"].(object); ok {
		return !member(part)
	} else if value, ok := facts[only[string](when["field"])]; ok {
		if key, keyed := when["key"].(string); keyed && when["field"] == "context.config" && !is[lacking](value) {
			value = atPointer(value, key)
		} else if keyed && !is[lacking](value) {
			value = text(only[object](value)[key])
		}
		return passes(when, value)
	}
	for _, name := range []string{"layers", "manifests", "children"} {
		if which, ok := when[name].(string); ok {
			list := only[[]any](facts[name])
			if which == "first" && len(list) > 1 {
				list = list[:1]
			}
			found := filter(list, func(one any) bool { return holds(only[object](when["match"]), one.(object)) })
			return len(found) > 0 && (which == "any" || len(found) == len(list))
		}
	}
	panic(fmt.Sprint("unknown predicate ", when, ": the mapping is newer than this program"))
}

func identify(mapping, doc, context object) object {
	for _, placeholder := range mapping["placeholders"].([]any) {
		saysNothing[placeholder] = true
	}
	facts, answer := document(doc, context), object{"type": nil, "certainty": "unknown", "rule": nil}
	applies := func(one any) bool { return holds(one.(object)["when"].(object), facts) }
	for _, rule := range mapping["rules"].([]any) { // The order is the point: the first rule that holds decides.
		if rule := rule.(object); applies(rule) {
			answer = object{"type": rule["type"], "certainty": rule["certainty"], "rule": rule["id"]}
			break
		}
	}
	facets := each(filter(mapping["facets"], applies), func(one any) any { return one.(object)["facet"] })
	answer["facets"] = []any{}
	for i, facet := range facets { // They are sorted in the mapping, and may stand there several times.
		if i == 0 || facets[i-1] != facet {
			answer["facets"] = append(answer["facets"].([]any), facet)
		}
	}
	mine := func(one any) bool { return one.(object)["type"] == answer["type"] && applies(one) }
	answer["subtypes"] = each(filter(mapping["subtypes"], mine), func(one any) any { return one.(object)["subtype"] })
	return answer
}

func load(path string) (value object) {
	file, err := os.Open(path)
	if err == nil {
		decoder := json.NewDecoder(file)
		decoder.UseNumber() // A size is a whole number, as it is written.
		err = decoder.Decode(&value)
	}
	if err != nil {
		log.Fatalf("%s: %v", path, err)
	}
	return value
}

func check(mapping object, index string) bool {
	total, wrong := 0, 0
	for _, name := range load(index)["files"].([]any) {
		for _, one := range load(filepath.Join(filepath.Dir(index), name.(string)))["vectors"].([]any) {
			vector := one.(object)
			expect, context := vector["expect"].(object), only[object](vector["context"])
			answer := identify(mapping, vector["document"].(object), context)
			right := expect["type"] == answer["type"] && expect["certainty"] == answer["certainty"]
			if facet, ok := expect["facet"]; ok {
				right = len(filter(answer["facets"], func(one any) bool { return one == facet })) > 0
			}
			if total++; !right {
				wrong++
				log.Println(vector["id"], "expected", expect, "got", answer)
			}
		}
	}
	fmt.Printf("%d of %d vectors pass\n", total-wrong, total)
	return wrong == 0 && total > 0
}

func main() {
	mapping := load(os.Args[1])
	if os.Args[2] == "--check" {
		if !check(mapping, os.Args[3]) {
			os.Exit(1)
		}
		return
	}
	for _, name := range os.Args[2:] {
		answer, _ := json.Marshal(identify(mapping, load(name), nil))
		fmt.Println(string(answer))
	}
}
