package audit

import (
	"maps"
	"slices"
	"strings"

	"waymark/internal/ids"
	"waymark/trust/audit"
	"waymark/web/page"
)

// names finds what identifiers stand for, each once a page.
type names struct {
	r          *page.Request
	accounts   map[ids.ID]string
	programmes map[ids.ID]string
}

// row is an entry in the table.
func (n *names) row(e audit.Sequenced) page.Row {
	what := page.Cell{Text: actionText(n.r, e.Action)}
	if what.Text != e.Action {
		what.Note = e.Action
	}
	subject := page.Cell{Text: e.Subject}
	if n.r.Programme == nil && e.Programme != 0 {
		subject.Note = n.programme(e.Programme)
	}
	details := make([]string, 0, len(e.Detail))
	for _, k := range slices.Sorted(maps.Keys(e.Detail)) {
		details = append(details, k+": "+e.Detail[k])
	}
	return page.Row{Cells: []page.Cell{
		{Text: n.r.Words().Whole(int(e.Number))}, n.r.Moment(e.At), n.who(e.Actor), what, subject, {Text: strings.Join(details, "; ")}}}
}

// who is the actor. People with accounts are named; enumerators are identifiers.
func (n *names) who(a audit.Actor) page.Cell {
	kind := n.r.Text("audit.filter.kind." + string(a.Kind))
	via := n.r.Text("audit.via", "via", a.Via)
	if a.ID == 0 {
		return page.Cell{Text: kind, Note: via}
	}
	cell := page.Cell{Text: a.ID.String(), Note: n.r.Words().Join(kind, via)}
	if a.Kind == audit.Account {
		if name := n.account(a.ID); name != "" {
			cell.Text, cell.Note = name, n.r.Words().Join(a.ID.String(), via)
		}
	}
	return cell
}

// account is the name of an account, or "" if there is none any more.
func (n *names) account(id ids.ID) string {
	name, known := n.accounts[id]
	if !known {
		if a, err := n.r.House.Accounts.Account(n.r.Context(), id); err == nil {
			name = a.Name
		}
		n.accounts[id] = name
	}
	return name
}

// programme is the name of a programme, or its identifier.
func (n *names) programme(id ids.ID) string {
	name, known := n.programmes[id]
	if !known {
		name = id.String()
		if p, err := n.r.House.Collection.Programme(n.r.Context(), id); err == nil {
			name = p.Name
		}
		n.programmes[id] = name
	}
	return name
}

// actionText says an action in words; one that has none is its own code.
func actionText(r *page.Request, action string) string {
	key := "audit.action." + action
	if r.Words().Has(key) {
		return r.Text(key)
	}
	return action
}
