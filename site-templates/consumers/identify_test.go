// Hold identify.go against the conformance vectors.
//
//	go test identify.go identify_test.go -args mediaTypeMappings.json conformance/index.json
package main

import (
	"flag"
	"fmt"
	"path/filepath"
	"testing"
)

func TestVectors(t *testing.T) {
	mapping = load(flag.Arg(0))
	total, wrong := 0, 0
	for _, name := range load(flag.Arg(1))["files"].(list) {
		for _, one := range load(filepath.Join(filepath.Dir(flag.Arg(1)), name.(string)))["vectors"].(list) {
			vector := one.(object)
			answer := identify(vector["document"].(object), only[object](vector["context"]))
			expect, facets := vector["expect"].(object), answer["facets"].(list)
			right := expect["type"] == answer["type"] && expect["certainty"] == answer["certainty"]
			if facet, asked := expect["facet"]; asked {
				right = has(facets, facet)
			}
			if total++; !right {
				wrong++
				t.Errorf("%v: expected %v, got %v", vector["id"], expect, answer)
			}
		}
	}
	if fmt.Printf("%d of %d vectors pass\n", total-wrong, total); total == 0 {
		t.Error("there are no vectors")
	}
}
