package xform

import (
	"crypto/rand"
	"fmt"

	"waymark/forms/xpath"
)

// preload fills in what the client knows by itself, on a node and below it.
// Source: ODK XForms specification, "Preload Attributes"; JavaRosa
// QuestionPreloader.
func (s *Session) preload(n *xpath.Node) {
	if n.Slot >= 0 {
		d := s.form.Nodes[n.Slot]
		if value := s.preloaded(d); value != "" && value != n.Value {
			n.Value = value
			s.changed(n)
		}
	}
	for _, c := range n.Children {
		s.preload(c)
	}
}

func (s *Session) preloaded(d *Definition) string {
	switch d.Preload {
	case "uid":
		return "uuid:" + s.opt.UUID()
	case "date":
		if d.PreloadParams == "today" {
			return s.opt.Now().Format("2006-01-02")
		}
	case "timestamp":
		if d.PreloadParams == "start" {
			return s.opt.Now().Format(dateTimeLayout)
		}
	case "property":
		return s.opt.Properties[d.PreloadParams]
	}
	return ""
}

// randomUUID is a version 4 UUID.
func randomUUID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails, by its contract
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
