package xform

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"waymark/forms/xpath"
	"waymark/internal/fault"
)

// feature is what is used of GeoJSON. Source: RFC 7946.
type feature struct {
	Type     string `json:"type"`
	ID       any    `json:"id"`
	Geometry *struct {
		Type        string          `json:"type"`
		Coordinates json.RawMessage `json:"coordinates"`
	} `json:"geometry"`
	Properties map[string]any `json:"properties"`
}

func readGeoJSON(data []byte) (*xpath.Node, error) {
	var file struct {
		Type     string    `json:"type"`
		Features []feature `json:"features"`
	}
	d := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))))
	d.UseNumber()
	if err := d.Decode(&file); err != nil {
		return nil, fault.Wrap(fault.Invalid, fault.Place{}, "the file is no GeoJSON", "", err)
	}
	if file.Type != "FeatureCollection" {
		return nil, fault.New(fault.Invalid, fault.Place{}, "the GeoJSON is no FeatureCollection", "put the features into one")
	}
	t := newTable()
	for i, f := range file.Features {
		item := t.item()
		place, err := f.place()
		if err != nil {
			return nil, fault.Wrap(fault.Invalid, fault.Place{Row: i + 1}, "the feature's geometry is no Point, LineString or Polygon", "", err)
		}
		t.field(item, "geometry", place)
		names := make([]string, 0, len(f.Properties))
		for name := range f.Properties {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			if name == "geometry" || name == "id" && f.ID != nil {
				continue
			}
			t.field(item, name, plainJSON(f.Properties[name]))
		}
		if f.ID != nil {
			t.field(item, "id", plainJSON(f.ID))
		}
	}
	return t.doc, nil
}

func plainJSON(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return fmt.Sprint(v)
	}
	return ""
}

// place writes the geometry as latitude, longitude, altitude and accuracy.
func (f feature) place() (string, error) {
	if f.Geometry == nil {
		return "", nil
	}
	type position []json.Number
	var points []position
	var err error
	switch f.Geometry.Type {
	case "Point":
		var one position
		err = json.Unmarshal(f.Geometry.Coordinates, &one)
		points = []position{one}
	case "LineString":
		err = json.Unmarshal(f.Geometry.Coordinates, &points)
	case "Polygon":
		var rings [][]position
		if err = json.Unmarshal(f.Geometry.Coordinates, &rings); err == nil && len(rings) > 0 {
			points = rings[0]
		}
	default:
		err = errors.New("unknown geometry")
	}
	if err != nil {
		return "", err
	}
	parts := make([]string, 0, len(points))
	for _, p := range points {
		if len(p) < 2 {
			return "", errors.New("a position has fewer than two numbers")
		}
		parts = append(parts, p[1].String()+" "+p[0].String()+" 0 0")
	}
	return strings.Join(parts, "; "), nil
}
