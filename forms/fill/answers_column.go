package fill

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"waymark/forms/xform"
	"waymark/internal/fault"
)

// column is where the answers of a column go: nowhere if it has no node.
type column struct {
	head string
	path string // with positions: "/data/trip[2]/country"
	node *xform.Definition
	// part is which part of the answer the column holds, from 1; 0 is all of it.
	// A place has latitude, longitude, altitude and accuracy.
	part int
	// choice is the choice of a select that the column says yes or no to.
	choice string
}

// whole tells whether the column holds a whole answer.
func (c column) whole() bool { return c.node != nil && c.part == 0 && c.choice == "" }

// exported are columns that ODK Central and KoboToolbox add to an export; they
// hold no answers.
var exported = map[string]bool{
	"key": true, "parent_key": true, "submissiondate": true, "submitterid": true, "submittername": true,
	"attachmentspresent": true, "attachmentsexpected": true, "status": true, "reviewstate": true, "deviceid": true,
	"edits": true, "formversion": true, "instanceid": true, "instancename": true,
	"_id": true, "_uuid": true, "_index": true, "_status": true, "_submission_time": true, "_submitted_by": true,
	"_tags": true, "_notes": true, "_validation_status": true, "_version_": true, "__version__": true,
	"_parent_index": true, "_parent_table_name": true, "_attachments": true, "_geolocation": true, "_duration": true,
	"_xform_id_string": true, "_date_modified": true, "_edited": true, "_media_all_received": true,
	"_total_media": true, "_media_count": true, "_bamboo_dataset_id": true, "formhub/uuid": true,
}

// exportedPrefixes begin further such columns.
var exportedPrefixes = []string{"set-of-", "meta-", "meta/", "_submission_"}

func isExported(head string) bool {
	head = strings.ToLower(head)
	return exported[head] || slices.ContainsFunc(exportedPrefixes, func(p string) bool { return strings.HasPrefix(head, p) })
}

// heads finds for each column the question that its answers are for.
func (a *Answers) heads(head []string, faults *fault.List) {
	names, own := a.names()
	seen := map[string]int{}
	for i, h := range head {
		h = strings.TrimSpace(h)
		at := fault.Place{Row: 1, Column: i + 1, Field: h}
		plain, positions := split(h)
		plain = strings.ToLower(plain)
		c := column{head: h}
		list := names[plain]
		if len(list) == 0 && h != "" {
			list, c.part, c.choice = parted(names, plain, h)
		}
		switch {
		case len(list) == 1:
			c.node = list[0]
			c.path = placed(c.node, positions)
		case len(list) > 1:
			faults.Addf(fault.Invalid, at, "write its path, such as "+strings.TrimPrefix(list[0].Path, "/"), "%d questions have this name", len(list))
		case h == "":
		case own[plain] || isExported(h):
			a.leftOut = append(a.leftOut, h)
		default:
			known := slices.Sorted(maps.Keys(names)) // so that a tie always ends alike
			remedy := "name a question of the form, or take the column out"
			if near := fault.Nearest(plain, known); near != "" {
				remedy = fmt.Sprintf("did you mean %q?", near)
			}
			faults.Addf(fault.Invalid, at, remedy, "the form has no such question")
		}
		if c.node != nil {
			key := fmt.Sprintf("%s#%d#%s", c.path, c.part, c.choice)
			if first, twice := seen[key]; twice {
				faults.Addf(fault.Invalid, at, "keep one of them", "column %d is for the same question", first)
			}
			seen[key] = i + 1
		}
		a.columns = append(a.columns, c)
	}
	// A part beside the whole answer says the same again.
	for i, c := range a.columns {
		if _, whole := seen[c.path+"#0#"]; c.node != nil && !c.whole() && whole {
			a.leftOut = append(a.leftOut, c.head)
			a.columns[i] = column{head: c.head}
		}
	}
}

// parts are the ends of the columns that an export makes of a place: those of
// ODK Central, then those of KoboToolbox, whose names begin with "_".
var parts = map[string]int{
	"-latitude": 1, "-longitude": 2, "-altitude": 3, "-accuracy": 4,
	"_latitude": 1, "_longitude": 2, "_altitude": 3, "_precision": 4,
}

// parted finds the question that a column holds a part of: a number of a place,
// or yes or no to one choice.
func parted(names map[string][]*xform.Definition, plain, head string) (list []*xform.Definition, part int, choice string) {
	if at := strings.LastIndexAny(plain, "-_"); at > 0 && parts[plain[at:]] > 0 {
		base := plain[:at]
		if plain[at] == '_' {
			name := strings.LastIndex(base, "/") + 1
			base = base[:name] + strings.TrimPrefix(base[name:], "_")
		}
		list := slices.DeleteFunc(slices.Clone(names[base]), func(d *xform.Definition) bool { return d.Type != "geopoint" })
		if len(list) > 0 {
			return list, parts[plain[at:]], ""
		}
	}
	if at := strings.LastIndex(plain, "/"); at > 0 {
		list := slices.DeleteFunc(slices.Clone(names[plain[:at]]), func(d *xform.Definition) bool { return d.Control.Tag != "select" })
		if len(list) > 0 {
			return list, 0, head[strings.LastIndex(head, "/")+1:]
		}
	}
	return nil, 0, ""
}

// names lists the questions by every name that a column may have, lower case.
// The second result are the names of what the form fills by itself.
func (a *Answers) names() (names map[string][]*xform.Definition, own map[string]bool) {
	names, own = map[string][]*xform.Definition{}, map[string]bool{}
	for _, d := range a.form.Nodes {
		if !d.Leaf || d.Attribute {
			continue
		}
		path := strings.ToLower(strings.TrimPrefix(d.Path, "/"))
		_, inner, _ := strings.Cut(path, "/")
		all := map[string]bool{strings.ToLower(d.Name): true, "/" + path: true, path: true, inner: true, strings.ReplaceAll(inner, "/", "-"): true}
		for name := range all {
			if d.Control == nil {
				own[name] = true
				continue
			}
			names[name] = append(names[name], d)
		}
	}
	return names, own
}

// split takes the positions out of a head: "trip[2]/country" is "trip/country"
// with position 2 for "trip".
func split(head string) (string, map[string]int) {
	positions := map[string]int{}
	var plain strings.Builder
	for {
		before, rest, ok := strings.Cut(head, "[")
		plain.WriteString(before)
		if !ok {
			return plain.String(), positions
		}
		digits, after, ok := strings.Cut(rest, "]")
		n, err := strconv.Atoi(digits)
		if !ok || err != nil || n < 1 || n > xform.MaxInstances {
			return plain.String() + "[" + rest, positions // no name has a bracket: it will not be found
		}
		name := plain.String()
		positions[strings.ToLower(name[strings.LastIndexAny(name, "/-")+1:])] = n
		head = after
	}
}

// placed is a question's path with the positions that a session gives its nodes.
func placed(d *xform.Definition, positions map[string]int) string {
	if d == nil {
		return ""
	}
	step := "/" + d.Name
	if d.Repeat {
		step += fmt.Sprintf("[%d]", max(1, positions[strings.ToLower(d.Name)]))
	}
	return placed(d.Parent, positions) + step
}
