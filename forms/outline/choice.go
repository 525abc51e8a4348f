package outline

import (
	"strings"

	"waymark/forms/xform"
	"waymark/forms/xpath"
)

// List is one list of choices, shared by the questions that draw on it.
type List struct {
	// Name is the list's name in the XLSForm, or the question's for a list
	// written with its question.
	Name string
	// Source is the file that holds the choices, or empty.
	Source string
	// Repeated is the question, in a repeat, whose answers are the choices, or
	// nil.
	Repeated *Item
	Choices  []Choice
	// Columns are the further columns, such as the region of a district.
	Columns []string
	// Users are the questions that draw on the list, in reading order.
	Users []*Item

	byValue map[string]int
}

// Choice is one choice.
type Choice struct {
	Value string
	Label xform.Text
	// Extra are the values of the list's Columns, in their order.
	Extra []string
}

// Choice returns the choice of a value, or nil.
func (l *List) Choice(value string) *Choice {
	if l == nil {
		return nil
	}
	if l.byValue == nil {
		l.byValue = make(map[string]int, len(l.Choices))
		for n, c := range l.Choices {
			if _, twice := l.byValue[c.Value]; !twice {
				l.byValue[c.Value] = n
			}
		}
	}
	if n, ok := l.byValue[value]; ok {
		return &l.Choices[n]
	}
	return nil
}

// listKey tells lists apart: the same instance read through another column is
// another list.
type listKey struct{ instance, value, label string }

// listOf returns the list of a control, made once and shared.
func (o *Outline) listOf(c *xform.Control, lists map[listKey]*List) *List {
	set := c.Itemset
	if set == nil {
		if len(c.Items) == 0 {
			return nil
		}
		l := &List{}
		if c.Node != nil {
			l.Name = c.Node.Name
		}
		for _, it := range c.Items {
			l.Choices = append(l.Choices, Choice{Value: it.Value, Label: it.Label})
		}
		o.Lists = append(o.Lists, l)
		return l
	}
	key := listKey{set.Instance, set.ValueRef, set.LabelRef}
	if set.Instance == "" {
		key.instance = set.Nodeset
	}
	if l := lists[key]; l != nil {
		return l
	}
	l := &List{Name: set.Instance}
	lists[key] = l
	o.Lists = append(o.Lists, l)
	sec := o.Form.Secondary[set.Instance]
	switch {
	case set.Instance == "":
		// Its question is found when all items are there.
	case sec == nil:
	case sec.Source != "" && sec.Root == nil:
		l.Source = FileName(sec.Source)
	default:
		l.Source = FileName(sec.Source)
		l.fill(sec.Root, set)
	}
	return l
}

// FileName returns the last part of a jr:// address.
func FileName(source string) string { return source[strings.LastIndexByte(source, '/')+1:] }

// fill reads the rows of an inline instance.
func (l *List) fill(root *xpath.Node, set *xform.Itemset) {
	labelRef, byID := set.LabelRef, false
	if inner, ok := strings.CutPrefix(labelRef, "jr:itext("); ok {
		labelRef, byID = strings.TrimSuffix(inner, ")"), true
	}
	columns := map[string]int{}
	if root.Kind == xpath.Document && len(root.Children) == 1 {
		root = root.Children[0]
	}
	l.Choices = make([]Choice, 0, len(root.Children))
	for _, row := range root.Children {
		var c Choice
		for _, cell := range row.Children {
			switch cell.Name {
			case set.ValueRef:
				c.Value = cell.Value
			case labelRef:
				if byID {
					c.Label.ID = cell.Value
				} else {
					c.Label.Parts = []xform.Part{{Plain: cell.Value}}
				}
			case "itextId":
			default:
				at, known := columns[cell.Name]
				if !known {
					at = len(columns)
					columns[cell.Name] = at
					l.Columns = append(l.Columns, cell.Name)
				}
				for len(c.Extra) <= at {
					c.Extra = append(c.Extra, "")
				}
				c.Extra[at] = cell.Value
			}
		}
		if labelRef == set.ValueRef && c.Label.Empty() {
			c.Label.Parts = []xform.Part{{Plain: c.Value}}
		}
		l.Choices = append(l.Choices, c)
	}
}

// uses notes for every list which questions draw on it, and whose answers it is.
func (o *Outline) uses() {
	for i := range o.All() {
		if i.List == nil {
			continue
		}
		i.List.Users = append(i.List.Users, i)
		if set := i.Control.Itemset; set != nil && set.Instance == "" && i.List.Repeated == nil {
			i.List.Repeated = o.answersOf(set, i)
		}
	}
}

// answersOf finds the question whose answers are the choices of a select from
// a repeat.
func (o *Outline) answersOf(set *xform.Itemset, at *Item) *Item {
	tree, err := xpath.Parse(set.Nodeset)
	if err != nil {
		return nil
	}
	root := tree.Root
	if call, ok := root.(*xpath.Call); ok && len(call.Args) > 0 {
		root = call.Args[0]
	}
	path, ok := root.(*xpath.Path)
	if !ok {
		return nil
	}
	holder := o.speaker(at).follow(bare(path), at).item
	if holder == nil {
		return nil
	}
	if q := o.At(holder.Path() + "/" + set.LabelRef); q != nil {
		return q
	}
	return holder
}

// Missing says which kind of missing answer a choice stands for ("don't know",
// "refused", "not applicable"), or "" for an answer. It goes by the codes and
// English labels that questionnaires use for them; a bare number counts only
// where its label says so too.
func (o *Outline) Missing(c *Choice) string {
	if kind := missingCodes[strings.ToLower(strings.Trim(c.Value, "_"))]; kind != "" {
		return kind
	}
	english := strings.ToLower(strings.ReplaceAll(o.Plain(c.Label, o.English(), nil), "’", "'"))
	if len(english) > 60 {
		return ""
	}
	for _, m := range missingWords {
		if strings.HasPrefix(english, m.words) {
			return m.kind
		}
	}
	return ""
}

var missingCodes = map[string]string{
	"dk": "don't know", "dont_know": "don't know", "do_not_know": "don't know", "idk": "don't know",
	"refused": "refused", "refuse": "refused", "refusal": "refused", "pnts": "refused", "prefer_not_to_say": "refused", "prefer_not_to_answer": "refused", "no_answer": "refused",
	"n_a": "not applicable", "not_applicable": "not applicable",
}

var missingWords = []struct{ words, kind string }{
	{"don't know", "don't know"}, {"do not know", "don't know"}, {"i don't know", "don't know"}, {"i do not know", "don't know"}, {"does not know", "don't know"}, {"doesn't know", "don't know"},
	{"refuse", "refused"}, {"prefer not", "refused"}, {"prefers not", "refused"}, {"rather not", "refused"}, {"no answer", "refused"}, {"declined to", "refused"},
	{"not applicable", "not applicable"}, {"n/a", "not applicable"},
}

// English returns the language whose labels are English, or the default one.
func (o *Outline) English() int {
	for n, l := range o.Form.Languages {
		if low := strings.ToLower(l); low == "en" || low == "english" || strings.Contains(low, "(en") || strings.HasPrefix(low, "english") || strings.HasPrefix(low, "en-") {
			return n
		}
	}
	return o.Form.Default
}
