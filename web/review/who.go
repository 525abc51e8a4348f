package review

import (
	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/trust/audit"
	"waymark/web/page"
)

// names finds what people are called, each once a page.
type names struct {
	r     *page.Request
	looks *looked
	known map[ids.ID]string
}

func (a *area) names(r *page.Request, k *looked) *names {
	return &names{r: r, looks: k, known: map[ids.ID]string{}}
}

// account is a person's name, or a word for one who is no longer there.
func (n *names) account(id ids.ID) string {
	if id == 0 {
		return n.r.Text("review.who.system")
	}
	if name, ok := n.known[id]; ok {
		return name
	}
	name := n.r.Text("review.who.gone")
	if acc, err := n.r.House.Accounts.Account(n.r.Context(), id); err == nil && acc.Name != "" {
		name = acc.Name
	} else if err != nil && fault.KindOf(err) != fault.NotFound {
		n.r.House.Log.Error("name of an account", "error", err.Error())
	}
	n.known[id] = name
	return name
}

// actor is who did something, as the audit has it.
func (n *names) actor(a audit.Actor) string {
	switch a.Kind {
	case audit.Account:
		return n.account(a.ID)
	case audit.Enumerator:
		if name := n.looks.enumeratorName(a.ID, n.r.May("enumerator.view")); name != "" {
			return n.r.Text("review.who.enumerator", "name", name)
		}
		return n.r.Text("review.who.phone")
	case audit.System:
		return n.r.Text("review.who.system")
	}
	return n.r.Text("review.who.nobody")
}
