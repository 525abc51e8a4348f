package arrival

import (
	"strings"

	"waymark/forms/record"
	"waymark/monitoring/instrument"
	"waymark/stats/table"
)

// questionnaire makes an instrument of a form for which the round names none,
// so that codes, times, lengths and places can be checked: types and choices are
// the form's, roles go by conventional names. It has no indicators and no
// exclusions.
func questionnaire(t *record.Table, names []string) (*instrument.Instrument, *table.Schema) {
	in := &instrument.Instrument{ID: "form", Version: "1", Languages: []string{"en"}, Lists: map[string][]instrument.Choice{}, Roles: map[instrument.Role]string{
		instrument.RoleID: uuidColumn,
	}}
	schema := &table.Schema{Targets: make([]table.Target, len(names))}
	feed := func(at int, f table.Field) {
		schema.Targets[at] = table.Target{Field: len(schema.Fields), Option: -1}
		schema.Fields = append(schema.Fields, f)
	}
	for at, c := range t.Columns {
		q := instrument.Question{Name: names[at], Type: c.Type, Kind: kindOf(c), Open: c.Select() && len(c.Choices) == 0, Label: instrument.Text{"en": c.Label}}
		if c.Select() {
			q.List = names[at]
			for _, choice := range c.Choices {
				in.Lists[q.List] = append(in.Lists[q.List], instrument.Choice{Name: choice.Code, Label: instrument.Text{"en": choice.Label}})
			}
		}
		in.Questions = append(in.Questions, q)
		feed(at, in.Field(&q))
	}
	feed(len(t.Columns), table.Field{Name: uuidColumn, Kind: table.Text})
	feed(len(t.Columns)+1, table.Field{Name: submittedColumn, Kind: table.Time})
	for _, r := range conventions {
		for at := range t.Columns {
			if in.Roles[r.role] == "" && r.fits(&in.Questions[at]) {
				in.Roles[r.role] = names[at]
			}
		}
	}
	return in, schema
}

// kindOf is how the answers of a question are held.
func kindOf(c *record.Column) table.Kind {
	switch c.Type {
	case "select_one":
		return table.Category
	case "select_multiple", "rank":
		return table.Set
	case "integer", "decimal", "range":
		return table.Number
	case "date", "today":
		return table.Date
	case "dateTime", "start", "end":
		return table.Time
	}
	return table.Text
}

// convention says which question plays a role: one of a type, or one of a name,
// in lower case without signs.
type convention struct {
	role  instrument.Role
	types []string
	names []string
}

// conventions are the names that flow monitoring forms use. Earlier ones win.
var conventions = []convention{
	{instrument.RoleStart, []string{"start"}, nil},
	{instrument.RoleEnd, []string{"end"}, nil},
	{instrument.RoleDate, []string{"date", "today", "dateTime"}, []string{"interviewdate", "dateofinterview", "dateinterview", "surveydate", "dateofsurvey", "interviewday"}},
	{instrument.RoleDate, []string{"today"}, nil},
	{instrument.RoleDate, []string{"date"}, []string{"date"}},
	{instrument.RoleEnumerator, []string{"text", "select_one", "integer", "barcode"}, []string{"enumerator", "enumeratorcode", "enumeratorid", "interviewer", "interviewercode", "interviewerid", "enumid", "enumcode", "datacollector", "datacollectorcode"}},
	{instrument.RolePoint, []string{"select_one", "text"}, []string{"point", "pointcode", "fmp", "fmpcode", "flowmonitoringpoint", "site", "sitecode", "landingpoint", "locationcode", "pointid"}},
	{instrument.RoleRoute, []string{"select_one", "text", "calculate"}, []string{"route", "routecode", "migrationroute"}},
	{instrument.RoleLocation, []string{"geopoint"}, []string{"pointlocation", "location", "gps", "position", "geopoint", "coordinates", "interviewlocation"}},
	{instrument.RoleLocation, []string{"start-geopoint"}, nil},
	{instrument.RoleConsent, []string{"select_one"}, []string{"consent", "agree", "informedconsent"}},
	{instrument.RoleAge, []string{"integer", "decimal"}, []string{"age", "ageyears"}},
	{instrument.RoleSex, []string{"select_one"}, []string{"sex", "gender"}},
	{instrument.RoleNationality, []string{"select_one"}, []string{"nationality", "nationality1"}},
	{instrument.RoleDeparture, []string{"date"}, []string{"departuredate", "dateofdeparture", "datedeparture"}},
}

func (r convention) fits(q *instrument.Question) bool {
	typed := false
	for _, t := range r.types {
		typed = typed || q.Type == t
	}
	if !typed || r.names == nil {
		return typed
	}
	name := strings.ToLower(q.Name[strings.LastIndexByte(q.Name, '-')+1:])
	name = strings.NewReplacer("_", "", "-", "", ".", "").Replace(name)
	for _, n := range r.names {
		if n == name {
			return true
		}
	}
	return false
}
