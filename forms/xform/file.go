package xform

import (
	"fmt"
	"path"
	"strings"
	"sync"

	"waymark/forms/xpath"
	"waymark/internal/fault"
)

// File is an attached file that is read as an instance. It does not change and
// may be used by many sessions at once, so that a large list is indexed once.
type File struct {
	Name string
	Root *xpath.Node // the document node

	sets sync.Map // *Control to *choiceSet: the values of itemsets that nothing filters
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
	return &File{Name: name, Root: root}, nil
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
