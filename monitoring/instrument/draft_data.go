package instrument

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// draftQuestion is a question that is being drafted.
type draftQuestion struct {
	name, header string
	label        string // of a file of Stata or SPSS, else ""
	kind         string // XLSForm type without the list
	list         string
	levels       []draftLevel
	why          string
	identifying  string       // why it may point to a person, or ""
	column       table.Column // nil for a question of a form
	yes          string       // the level that means yes, if the levels are yes and no
}

// draftLevel is one choice.
type draftLevel struct {
	code, label string
	missing     string // a word of missingReasons, or ""
}

// fromData drafts from a table.
func (d *draft) fromData(ctx context.Context, path, sheet string) error {
	res, err := table.Read(ctx, path, table.Options{Sheet: sheet})
	if err != nil {
		return err
	}
	if res.Table.Rows() == 0 {
		return fault.New(fault.Invalid, fault.Place{File: d.source}, "the file has no rows, so that types cannot be guessed", "give a file with answers")
	}
	truths, err := readTruths(ctx, path, sheet, res.Table)
	if err != nil {
		return err
	}
	d.languages = []string{"en"}
	headers := map[string]bool{}
	for _, c := range res.Table.Columns() {
		headers[strings.ToLower(c.Name())] = true
	}
	why := map[string]string{}
	for _, i := range res.Inferred {
		why[i.Column] = i.Why
	}
	server := serverFile(headers)
	var kept []table.Column
	for _, c := range res.Table.Columns() {
		if d.skip(c, headers, server) {
			continue
		}
		if t := truths[c.Name()]; t != nil {
			c = t
		}
		kept = append(kept, c)
	}
	names := d.columnNames(kept)
	for i, c := range kept {
		d.question(c, names[i], why[c.Name()])
	}
	if len(d.questions) == 0 {
		return fault.New(fault.Invalid, fault.Place{File: d.source}, "no column could be a question", "give a file with answers")
	}
	d.design()
	d.rolesByName()
	d.labelNumbers()
	d.identify(res.Table.Rows())
	d.fileLabels(res.Labels)
	d.sheets()
	return nil
}

// readTruths reads the columns of true and false once more for the words that
// the file uses, because a questionnaire has codes.
func readTruths(ctx context.Context, path, sheet string, t *table.Table) (map[string]table.Column, error) {
	schema := &table.Schema{}
	for _, c := range t.Columns() {
		target := table.Target{Field: -1, Option: -1}
		if c.Kind() == table.Bool {
			target.Field = len(schema.Fields)
			schema.Fields = append(schema.Fields, table.Field{Name: c.Name(), Kind: table.Category, Open: true})
		}
		schema.Targets = append(schema.Targets, target)
	}
	found := map[string]table.Column{}
	if len(schema.Fields) == 0 {
		return found, nil
	}
	res, err := table.Read(ctx, path, table.Options{Sheet: sheet, Match: func(h table.Header) (*table.Schema, error) {
		if len(h.Names) != len(schema.Targets) {
			return nil, fault.New(fault.Conflict, fault.Place{}, "the file changed while it was read", "try again")
		}
		return schema, nil
	}})
	if err != nil {
		return nil, err
	}
	for _, c := range res.Table.Columns() {
		found[c.Name()] = c
	}
	return found, nil
}

// skip says whether a column is no question: a server's, or one option of a
// select-multiple that is also there as a whole.
func (d *draft) skip(c table.Column, headers map[string]bool, server bool) bool {
	header := cleanHeader(c.Name())
	lower := strings.ToLower(header)
	if server && slices.Contains(idColumns, lower) {
		d.role(RoleID, ColumnID, fmt.Sprintf("%q is a server's id of the interview", header))
		return true
	}
	if server && serverColumn(header) {
		d.skipped = append(d.skipped, header+" (added by a server or a phone)")
		return true
	}
	if i := strings.LastIndexByte(lower, '/'); i > 0 && headers[lower[:i]] && zeroOne(c) {
		d.skipped = append(d.skipped, header+" (one option of "+header[:i]+")")
		return true
	}
	return false
}

// columnNames gives each column the name of its question. A header that can be
// a name keeps it, before others are fitted around it.
func (d *draft) columnNames(columns []table.Column) []string {
	names := make([]string, len(columns))
	for i, c := range columns {
		header := cleanHeader(c.Name())
		if questionName().MatchString(header) && len(header) <= maxDraftName && !d.names[strings.ToLower(header)] {
			d.names[strings.ToLower(header)] = true
			names[i] = header
		}
	}
	for i, c := range columns {
		if names[i] != "" {
			continue
		}
		header := cleanHeader(c.Name())
		if at := strings.LastIndexByte(header, '/'); at >= 0 && at+1 < len(header) {
			header = header[at+1:]
		}
		names[i] = draftName(header, d.names)
	}
	return names
}

// question drafts a question from a column.
func (d *draft) question(c table.Column, name, why string) {
	q := &draftQuestion{name: name, header: cleanHeader(c.Name()), column: c, why: why}
	switch col := c.(type) {
	case *table.CategoryColumn:
		q.kind, q.levels = "select_one", draftLevels(col.Levels)
		q.yes = yesLevel(q.levels)
	case *table.SetColumn:
		q.kind, q.levels = "select_multiple", draftLevels(col.Levels)
	case *table.NumberColumn:
		q.kind = "integer"
		for _, v := range col.Values {
			if v == v && v != math.Trunc(v) {
				q.kind = "decimal"
				break
			}
		}
		d.sentinels(q, col)
	case *table.DateColumn:
		q.kind = "date"
	case *table.TimeColumn:
		q.kind = "datetime"
	default:
		q.kind = "text"
	}
	if strings.HasPrefix(q.kind, "select") && len(q.levels) == 0 {
		q.kind = "text"
	}
	if (q.kind == "select_one" || q.kind == "text") && isPosition(c) {
		q.kind, q.levels, q.yes = "geopoint", nil, ""
		q.why += "; they are positions: latitude, longitude and so on"
	}
	if q.kind == "select_one" {
		d.severalCodes(q)
	}
	if strings.HasPrefix(q.kind, "select") {
		q.list = d.listName(q)
	}
	d.questions = append(d.questions, q)
}

// fileLabels gives questions the labels that a file of Stata or SPSS has for
// them, where the question keeps the column's name, by which the file is read
// again, and no other question has the label or is named so.
func (d *draft) fileLabels(labels map[string]string) {
	count := map[string]int{}
	for _, q := range d.questions {
		count[labelKey(q.name)]++
		if q.column != nil && labelKey(labels[q.column.Name()]) != labelKey(q.name) {
			count[labelKey(labels[q.column.Name()])]++
		}
	}
	for _, q := range d.questions {
		if q.column == nil || q.name != q.column.Name() {
			continue
		}
		if label := cleanHeader(labels[q.column.Name()]); label != "" && count[labelKey(label)] == 1 && !strings.ContainsAny(label, "\r\n$") {
			q.label = label
		}
	}
}

// listName gives questions with the same choices one list.
func (d *draft) listName(q *draftQuestion) string {
	if d.lists == nil {
		d.lists = map[string]string{}
	}
	var key strings.Builder
	for _, l := range q.levels {
		fmt.Fprintf(&key, "%q %q %s\n", l.code, l.label, l.missing)
	}
	if name, ok := d.lists[key.String()]; ok {
		return name
	}
	taken := map[string]bool{}
	for _, name := range d.lists {
		taken[strings.ToLower(name)] = true
	}
	base := q.name
	if q.yes != "" {
		base = "yes_no"
	}
	name := draftName(base, taken)
	d.lists[key.String()] = name
	return name
}

// sheets writes the sheets of a questionnaire that was drafted from data.
func (d *draft) sheets() {
	survey := [][]string{{"type", "name", "label::English (en)"}}
	choices := [][]string{{"list_name", "name", "label::English (en)", "missing"}}
	done := map[string]bool{}
	for _, q := range d.questions {
		survey = append(survey, []string{strings.TrimSpace(q.kind + " " + q.list), q.name, cmp.Or(q.label, q.header)})
		if q.list == "" || done[q.list] {
			continue
		}
		done[q.list] = true
		for _, l := range q.levels {
			choices = append(choices, []string{q.list, l.code, l.label, l.missing})
		}
	}
	settings := [][]string{{"form_title", "form_id", "version", "default_language"}, {d.id, d.id, "1", "English (en)"}}
	d.survey, d.choices, d.settings = csvBytes(survey), csvBytes(choices), csvBytes(settings)
}
