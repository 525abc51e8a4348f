package instrument

import (
	"strings"

	"github.com/goccy/go-yaml/ast"

	"waymark/stats/table"
)

// The columns that a server adds to every interview, under the one name that
// they have here whatever the server calls them. They are not questions; a
// role may name them.
const (
	ColumnID        = "_uuid"            // unique id of the interview
	ColumnSubmitted = "_submission_time" // instant when the server received it
)

// roleKinds has every role, in the order in which they are shown, with the
// kinds of answer that can play it.
var roleKinds = []struct {
	role  Role
	kinds []table.Kind
}{
	{RoleID, []table.Kind{table.Text, table.Number, table.Category}},
	{RoleDate, []table.Kind{table.Date, table.Time}},
	{RoleStart, []table.Kind{table.Time}},
	{RoleEnd, []table.Kind{table.Time}},
	{RoleEnumerator, []table.Kind{table.Text, table.Category, table.Number}},
	{RolePoint, []table.Kind{table.Category, table.Text, table.Number}},
	{RoleLocation, []table.Kind{table.Text}},
	{RoleRoute, []table.Kind{table.Category}},
	{RolePrevious, []table.Kind{table.Category}},
	{RoleConsent, []table.Kind{table.Category}},
	{RoleAge, []table.Kind{table.Number}},
	{RoleSex, []table.Kind{table.Category}},
	{RoleNationality, []table.Kind{table.Category}},
	{RoleDeparture, []table.Kind{table.Date, table.Time}},
	{RoleTransit, []table.Kind{table.Category}},
	{RoleWeights, []table.Kind{table.Number}},
	{RoleStrata, []table.Kind{table.Category, table.Text, table.Number}},
	{RoleCluster, []table.Kind{table.Category, table.Text, table.Number}},
	{RoleFPC, []table.Kind{table.Number}},
}

// roles reads which question plays which part.
func (d *definer) roles(n ast.Node) {
	if n == nil {
		return
	}
	known := make([]string, len(roleKinds))
	for i, r := range roleKinds {
		known[i] = string(r.role)
	}
	fields := d.fields(n, "roles", known...)
	for _, r := range roleKinds {
		value := fields[string(r.role)]
		if value == nil {
			continue
		}
		name := d.text(value, "the role "+string(r.role))
		if r.role == RoleID && name == ColumnID {
			d.in.Roles[r.role] = name
			continue
		}
		words := []string{name}
		if stages(r.role) {
			words = strings.Fields(name)
		}
		fits := true
		for _, word := range words {
			fits = d.plays(value, word, r.role, r.kinds) && fits
		}
		if !fits {
			continue
		}
		d.in.Roles[r.role] = name
	}
}

// stages says whether a role may name several questions, separated by spaces:
// the stages of a sample, the first one first.
func stages(r Role) bool { return r == RoleCluster || r == RoleFPC }

// plays checks that a question can play a role.
func (d *definer) plays(n ast.Node, name string, r Role, kinds []table.Kind) bool {
	q := d.named(n, name, "the role "+string(r))
	if q == nil {
		return false
	}
	var words []string
	for _, k := range kinds {
		if q.Kind == k {
			return true
		}
		words = append(words, k.String())
	}
	d.fault(n, "it takes an answer of kind "+strings.Join(words, " or "), "the role %s names %s, whose answers are of kind %s", r, name, q.Kind)
	return false
}

// Roles returns every role, in the order in which they are shown.
func Roles() []Role {
	roles := make([]Role, len(roleKinds))
	for i, r := range roleKinds {
		roles[i] = r.role
	}
	return roles
}
