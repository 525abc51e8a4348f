package xform

import (
	"slices"
	"strings"

	"waymark/forms/xpath"
)

// frame is an element of the submission that is open.
type frame struct {
	node *xpath.Node
	def  *Definition
	next int // where in def.Children the next child is looked for first
}

// added are nodes that clients put into meta on their own. Source: OpenRosa
// metadata schema; Enketo and Collect.
var added = []string{"instanceID", "deprecatedID", "instanceName", "timeStart", "timeEnd", "userID", "deviceID", "username", "email", "phoneNumber", "subscriberID", "simSerial", "edited"}

// pour reads a submission into the document. What has no place in the form is a
// problem and is left out.
func (s *Session) pour(data []byte, j *judge) error {
	scan, err := newScanner(data)
	if err != nil {
		return err
	}
	stack := make([]frame, 0, 16)
	filled := make([]uint64, (len(s.form.Nodes)+63)/64) // nodes that were there, in the instance that is open
	var text characters
	for {
		tok, err := scan.next()
		if err != nil {
			return err
		}
		switch {
		case tok == tokenEnd:
			return nil
		case tok == tokenText:
			text.add(scan.text)
		case tok == tokenClose:
			top := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if top.def.Leaf {
				top.node.Value = text.String()
			}
			text.reset()
		default:
			text.reset()
			if len(stack) == 0 {
				if !s.pourRoot(scan, j) {
					if err := scan.pass(); err != nil {
						return err
					}
					continue
				}
				stack = append(stack, frame{node: s.doc.Children[0], def: s.form.Nodes[0]})
				continue
			}
			n, d := s.pourNode(scan, &stack[len(stack)-1], filled, j)
			if n == nil {
				if err := scan.pass(); err != nil {
					return err
				}
				continue
			}
			pourAttributes(scan, n)
			stack = append(stack, frame{node: n, def: d})
		}
	}
}

// pourRoot compares form and version. It returns false for another form, and for
// one that is encrypted. Source for that: ODK XForms specification, "Encryption".
func (s *Session) pourRoot(scan *scanner, j *judge) bool {
	f := s.form
	id, version, encrypted := "", "", false
	for _, a := range scan.attrs {
		switch local(a.name) {
		case "id":
			id = a.value
		case "version":
			version = a.value
		case "encrypted":
			encrypted = a.value == "yes"
		case "xmlns":
			if a.name == "xmlns" && id == "" && f.ID == a.value {
				id = a.value
			}
		}
	}
	root := f.Nodes[0]
	if id != f.ID || local(scan.name) != local(root.Name) {
		j.add(Problem{Path: root.Path, Kind: OtherForm, Message: "the submission answers another form"})
		return false
	}
	if encrypted {
		j.add(Problem{Path: root.Path, Kind: Encrypted, Message: "the submission is encrypted"})
		return false
	}
	if version != f.Version {
		j.add(Problem{Path: root.Path, Kind: OtherVersion, Message: "the submission answers another version of the form"})
	}
	pourAttributes(scan, s.doc.Children[0])
	return true
}

func local(name string) string { return name[strings.IndexByte(name, ':')+1:] }

func pourAttributes(scan *scanner, n *xpath.Node) {
	for _, a := range n.Attrs {
		if a.Slot < 0 {
			continue
		}
		for _, sent := range scan.attrs {
			if sent.name == a.Name {
				a.Value = sent.value
			}
		}
	}
}

// pourNode finds or makes the node of the tag that was just opened.
func (s *Session) pourNode(scan *scanner, top *frame, filled []uint64, j *judge) (*xpath.Node, *Definition) {
	d := top.find(scan.name)
	if d == nil {
		s.stray(scan.name, top, j)
		return nil, nil
	}
	from, to := children(top.node, d.Slot)
	if d.Repeat {
		n, err := s.placeBare(top.node, d, to)
		if err != nil {
			j.add(Problem{Path: s.Path(top.node) + "/" + d.Name, Kind: RepeatCount, Message: err.Error()})
			return nil, nil
		}
		s.form.eachBelow(d, func(c *Definition) { filled[c.Slot>>6] &^= 1 << (c.Slot & 63) })
		return n, d
	}
	if from == to {
		s.stray(scan.name, top, j)
		return nil, nil
	}
	n := top.node.Children[from]
	for from+1 < to && (n.Value != "" || len(n.Children) > 0) { // the form itself has several
		from++
		n = top.node.Children[from]
		filled[d.Slot>>6] &^= 1 << (d.Slot & 63)
	}
	if filled[d.Slot>>6]&(1<<(d.Slot&63)) != 0 {
		j.add(Problem{Path: s.Path(n), Kind: Duplicate, Message: "the node is there more than once"})
		return nil, nil
	}
	filled[d.Slot>>6] |= 1 << (d.Slot & 63)
	return n, d
}

// find looks for a child by name, first where the last one was found.
func (f *frame) find(name string) *Definition {
	list := f.def.Children
	for i := range list {
		at := f.next + i
		if at >= len(list) {
			at -= len(list)
		}
		if list[at].Name == name {
			f.next = at
			return list[at]
		}
	}
	short := local(name)
	for _, d := range list {
		if !d.Attribute && local(d.Name) == short {
			return d
		}
	}
	return nil
}

// stray is a node that has no place here.
func (s *Session) stray(name string, top *frame, j *judge) {
	short := local(name)
	meta := local(top.def.Name) == "meta" && slices.Contains(added, short)
	if meta || top.def.Parent == nil && short == "meta" {
		return
	}
	p := Problem{Path: s.Path(top.node) + "/" + clip(name), Kind: Unknown, Message: "the form has no such node"}
	for _, d := range s.form.Nodes {
		if d.Name == name {
			p.Kind, p.Message = Misplaced, "the node belongs elsewhere in the form"
			break
		}
	}
	j.add(p)
}
