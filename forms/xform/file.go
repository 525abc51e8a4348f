package xform

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"waymark/forms/xpath"
	"waymark/internal/fault"
)

// File is an attached file that is read as an instance. It does not change and
// may be used by many sessions at once, so that a large list is indexed once.
type File struct {
	Name string
	Root *xpath.Node // the document node
}

// ReadFile reads an attached .csv, .xml or .geojson file. The rows of a CSV file
// and the features of GeoJSON become root/item; a feature's geometry is written
// as ODK writes places. Source: JavaRosa CsvExternalInstance,
// GeoJsonExternalInstance.
func ReadFile(name string, data []byte) (*File, error) {
	if len(data) > MaxBytes {
		return nil, fault.New(fault.Invalid, fault.Place{File: name}, fmt.Sprintf("the file has more than %d MiB", MaxBytes>>20), "split it")
	}
	var root *xpath.Node
	var err error
	switch strings.ToLower(path.Ext(name)) {
	case ".csv":
		root, err = readCSV(data)
	case ".xml":
		root, err = readXML(data)
	case ".geojson", ".json":
		root, err = readGeoJSON(data)
	default:
		err = fault.New(fault.Invalid, fault.Place{}, "the file is none that a form can look up in", "attach a .csv, .xml or .geojson file")
	}
	if err != nil {
		return nil, fault.InFile(err, name)
	}
	return &File{name, root}, nil
}

// Attach gives the session a file by name, and brings the document up to date.
func (s *Session) Attach(name string, data []byte) error {
	file, err := ReadFile(name, data)
	if err != nil {
		return err
	}
	s.setFile(name, file.Root)
	s.all()
	s.run()
	return nil
}

func (s *Session) setFile(name string, root *xpath.Node) {
	if s.files == nil {
		s.files = map[string]*xpath.Node{}
	}
	s.files[name] = root
}

// instance answers instance('id').
func (s *Session) instance(id string) *xpath.Node {
	if root := s.files[id]; root != nil { // last-saved
		return root
	}
	sec := s.form.Secondary[id]
	if sec == nil || strings.HasPrefix(sec.Source, "jr://instance/last-saved") {
		if sec == nil && id != lastSaved {
			return nil
		}
		if root := s.files[lastSaved]; root != nil {
			return root
		}
		return blankDocument
	}
	if sec.Source == "" {
		return sec.Root
	}
	name := path.Base(sec.Source)
	if root := s.files[name]; root != nil {
		return root
	}
	if file := s.opt.Files[name]; file != nil {
		return file.Root
	}
	return nil
}

// blankDocument stands for a document that was never saved.
var blankDocument = &xpath.Node{Name: "data", Slot: -1}

// missing tells whether an expression reads an attached file that is not there.
func (s *Session) missing(x *expression) bool {
	if x == nil {
		return false
	}
	for _, id := range x.instances {
		if s.instance(id) == nil {
			return true
		}
	}
	return false
}

func readXML(data []byte) (*xpath.Node, error) {
	scan, err := newScanner(data)
	if err != nil {
		return nil, err
	}
	return (&builder{scanner: scan}).tree()
}

// table collects rows as root/item.
type table struct {
	builder
	doc, root *xpath.Node
}

func newTable() *table {
	t := &table{}
	t.doc, t.root = t.node(), t.node()
	t.doc.Kind = xpath.Document
	t.root.Name, t.root.Parent = "root", t.doc
	t.doc.Children = []*xpath.Node{t.root}
	return t
}

func (t *table) item() *xpath.Node {
	n := t.node()
	n.Name, n.Parent = "item", t.root
	t.root.Children = append(t.root.Children, n)
	return n
}

func (t *table) field(item *xpath.Node, name, value string) {
	n := t.node()
	n.Name, n.Value, n.Parent = name, value, item
	item.Children = append(item.Children, n)
}

func readCSV(data []byte) (*xpath.Node, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord = -1
	r.LazyQuotes = true
	if head, _, _ := bytes.Cut(data, []byte("\n")); bytes.IndexByte(head, ';') >= 0 {
		r.Comma = ';'
	}
	header, err := r.Read()
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, fault.Place{Row: 1}, "the file has no header", "name the columns in the first row", err)
	}
	t := newTable()
	cells := len(header)
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return t.doc, nil
		}
		if err != nil {
			line, column := r.FieldPos(0)
			return nil, fault.Wrap(fault.Invalid, fault.Place{Row: line, Column: column}, "the row cannot be read", "are its quotation marks closed?", err)
		}
		if cells += len(header); cells > MaxElements {
			return nil, fault.New(fault.Invalid, fault.Place{}, fmt.Sprintf("the file has more than %d cells", MaxElements), "leave out the columns that the form does not use")
		}
		item := t.item()
		for i, name := range header {
			value := ""
			if i < len(row) {
				value = row[i]
			}
			t.field(item, name, value)
		}
	}
}

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
