package main

import (
	"encoding/json"
	"fmt"

	"golang.org/x/text/language"
)

// topology is as much of TopoJSON as the source uses.
type topology struct {
	Transform struct {
		Scale, Translate [2]float64
	}
	Arcs    [][][2]int // steps from point to point, in units of Scale
	Objects struct {
		Countries struct {
			Geometries []geometry
		}
	}
}

type geometry struct {
	Type       string
	ID         string // ISO 3166-1 numeric; "" for places without one
	Arcs       json.RawMessage
	Properties struct{ Name string }
}

// place is a country of the source: rings of arc numbers, where ^n is arc n
// backwards.
type place struct {
	code  string // ISO 3166-1 alpha-3, or "-" for a place without one
	name  string
	rings [][]int
}

// readTopology returns the places and the arcs in degrees of longitude and latitude.
func readTopology(source []byte) ([]place, [][]point, error) {
	var t topology
	if err := json.Unmarshal(source, &t); err != nil {
		return nil, nil, err
	}
	arcs := make([][]point, len(t.Arcs))
	for i, steps := range t.Arcs {
		x, y := 0, 0
		for _, s := range steps {
			x, y = x+s[0], y+s[1]
			arcs[i] = append(arcs[i], point{
				float64(x)*t.Transform.Scale[0] + t.Transform.Translate[0],
				float64(y)*t.Transform.Scale[1] + t.Transform.Translate[1],
			})
		}
	}
	var places []place
	for _, g := range t.Objects.Countries.Geometries {
		p := place{code: alpha3(g), name: g.Properties.Name}
		switch g.Type {
		case "Polygon":
			if err := json.Unmarshal(g.Arcs, &p.rings); err != nil {
				return nil, nil, fmt.Errorf("%s: %w", p.name, err)
			}
		case "MultiPolygon":
			var polygons [][][]int
			if err := json.Unmarshal(g.Arcs, &polygons); err != nil {
				return nil, nil, fmt.Errorf("%s: %w", p.name, err)
			}
			for _, rings := range polygons {
				p.rings = append(p.rings, rings...)
			}
		default:
			continue
		}
		places = append(places, p)
	}
	if len(places) == 0 || len(arcs) == 0 {
		return nil, nil, fmt.Errorf("it has no countries; it must be countries-50m.json of world-atlas")
	}
	return places, arcs, nil
}

// alpha3 returns the three-letter code of a country.
func alpha3(g geometry) string {
	if g.Properties.Name == "Kosovo" {
		return "XKX" // user-assigned, as the World Bank and others use it
	}
	region, err := language.ParseRegion(g.ID)
	if err != nil || g.ID == "" || len(region.ISO3()) != 3 {
		return "-"
	}
	return region.ISO3()
}
