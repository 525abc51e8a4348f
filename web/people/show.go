package people

import (
	"net/http"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/trust/access"
	"waymark/trust/account"
	"waymark/web/page"
)

// show is the page of a person, with what can be done.
func (a *area) show(r *page.Request) error {
	p, err := a.person(r)
	if err != nil {
		return err
	}
	return a.showPerson(r, http.StatusOK, r.NewForm("people.show"), p)
}

func (a *area) showPerson(r *page.Request, status int, f *page.Form, p *account.Account) error {
	names, _, err := programmes(r.Context(), r)
	if err != nil {
		return err
	}
	yes := func(is bool) page.Cell {
		if is {
			return page.Cell{Text: r.Text("people.yes")}
		}
		return page.Cell{Text: r.Text("people.no")}
	}
	self, system := p.ID == r.Account.ID, r.Resource.Programme == 0
	rows := []page.SummaryRow{
		{Key: r.Text("people.email"), Value: page.Cell{Text: p.Email}},
		{Key: r.Text("people.state"), Value: page.Cell{Tags: []page.Tag{state(r, p)}}},
		{Key: r.Text("people.roles"), Value: page.Cell{Text: rolesText(r, p, names)}},
		{Key: r.Text("people.since"), Value: r.Moment(p.Created)},
	}
	if system {
		rows = append(rows,
			page.SummaryRow{Key: r.Text("people.passkeys"), Value: page.Cell{Text: r.Words().Whole(len(p.Passkeys))}},
			page.SummaryRow{Key: r.Text("people.one-time"), Value: yes(p.OneTime != nil)},
			page.SummaryRow{Key: r.Text("people.sign-on"), Value: yes(p.Subject != "")})
	}
	var can []page.Link
	do := func(key, below string) { can = append(can, page.Link{Text: r.Text(key), Href: of(r, p.ID, below)}) }
	if r.May(access.PeopleSet) && !self && !touring(p) {
		rows[2].Actions = []page.Link{{Text: r.Text("page.change"), Href: of(r, p.ID, "/roles"), Hidden: r.Text("people.roles")}}
		switch {
		case p.State == account.Invited && a.mayLink(r, p):
			do("people.link.again", "/link")
		case p.State == account.Active && system:
			do("people.link.reset", "/link")
		}
		if system && p.State != account.Invited && p.State != account.Suspended {
			do("people.sessions.end", "/sessions")
		}
		if system && p.State == account.Suspended {
			do("people.restore", "/restore")
		} else if system {
			do("people.suspend", "/suspend")
		}
		if system {
			do("people.hand-over", "/hand-over")
		}
	}
	return r.Render(status, "people/show", struct {
		Person  *account.Account
		Form    *page.Form
		Summary page.Summary
		Can     []page.Link
		Self    bool
	}{p, f, page.Summary{Rows: rows}, can, self})
}

// mayLink says whether who looks may make a link for a person: who runs the system
// for everyone; a coordinator for someone who was never in and has roles in that
// programme only. Whoever has the link is that person.
func (a *area) mayLink(r *page.Request, p *account.Account) bool {
	if r.Resource.Programme == 0 {
		return true
	}
	return p.State == account.Invited && len(here(r, p)) == len(p.Members)
}

// link asks before a one-time link is made.
func (a *area) link(r *page.Request) error {
	p, err := a.person(r)
	if err != nil {
		return err
	}
	if !a.mayLink(r, p) || touring(p) || p.ID == r.Account.ID || p.State == account.Suspended {
		return page.NotFound()
	}
	f := r.NewForm("people.link")
	c := page.Confirm{Title: r.Text("people.link.title", "name", p.Name), Action: of(r, p.ID, "/link"), Button: r.Text("people.link.make"), Cancel: of(r, p.ID, "")}
	if p.State == account.Invited {
		c.Lines = []string{r.Text("people.link.invite")}
		return r.Confirm(c)
	}
	c.Lines = []string{r.Text("people.link.reset.text"), r.Text("people.link.renew.text")}
	renew, err := f.Field("renew", "type", "checkbox")
	if err != nil {
		return err
	}
	c.Form, c.Fields = f, []page.Field{*renew}
	return r.Confirm(c)
}

func (a *area) linkPost(r *page.Request) error {
	f, err := r.ReadForm("people.link")
	if err != nil {
		return err
	}
	p, err := a.person(r)
	if err != nil {
		return err
	}
	if !a.mayLink(r, p) || touring(p) || p.ID == r.Account.ID {
		return page.NotFound()
	}
	shown, err := a.accounts.SendLink(r.Context(), r.By, p.ID, f.Raw("renew") != "")
	if err != nil {
		return err
	}
	return a.handLink(r, p, shown)
}

// other finds a person who is not the one that asks.
func (a *area) other(r *page.Request) (*account.Account, error) {
	p, err := a.person(r)
	if err != nil {
		return nil, err
	}
	if p.ID == r.Account.ID || touring(p) {
		return nil, page.NotFound()
	}
	return p, nil
}

// ask shows a page that asks before something is done to a person.
func (a *area) ask(r *page.Request, what string, dangerous bool) error {
	p, err := a.other(r)
	if err != nil {
		return err
	}
	return r.Confirm(page.Confirm{Title: r.Text("people."+what+".title", "name", p.Name), Lines: []string{r.Text("people." + what + ".text")},
		Action: r.URL.Path, Button: r.Text("people." + what + ".button"), Dangerous: dangerous, Cancel: of(r, p.ID, "")})
}

// act does something to a person and says that it is done, or why not.
func (a *area) act(r *page.Request, what string, do func(ids.ID) error) error {
	p, err := a.other(r)
	if err != nil {
		return err
	}
	if err := do(p.ID); err != nil {
		f := r.NewForm("people.show")
		if err := mark(f, err); err != nil {
			return err
		}
		return a.showPerson(r, statusOf(err), f, p)
	}
	r.Flash("people." + what + ".done")
	return r.Redirect(of(r, p.ID, ""))
}

func (a *area) suspend(r *page.Request) error  { return a.ask(r, "suspend", true) }
func (a *area) restore(r *page.Request) error  { return a.ask(r, "restore", false) }
func (a *area) sessions(r *page.Request) error { return a.ask(r, "sessions", false) }

func (a *area) suspendPost(r *page.Request) error {
	return a.act(r, "suspend", func(id ids.ID) error { return a.accounts.Suspend(r.Context(), r.Account, id) })
}

func (a *area) restorePost(r *page.Request) error {
	return a.act(r, "restore", func(id ids.ID) error { return a.accounts.Restore(r.Context(), r.Account, id) })
}

func (a *area) sessionsPost(r *page.Request) error {
	return a.act(r, "sessions", func(id ids.ID) error { return a.accounts.EndAll(r.Context(), r.Account, id) })
}

// handOver asks who takes over the work of a person who leaves.
func (a *area) handOver(r *page.Request) error {
	p, err := a.other(r)
	if err != nil {
		return err
	}
	return a.showHandOver(r, http.StatusOK, r.NewForm("people.hand-over"), p)
}

// heirs are those who can take the work over.
func (a *area) heirs(r *page.Request, p *account.Account) ([]page.Option, error) {
	list, err := r.House.Accounts.Accounts(r.Context(), 0)
	if err != nil {
		return nil, err
	}
	options := []page.Option{{Value: "", Text: r.Text("people.hand-over.choose")}}
	for _, x := range list {
		if x.ID != p.ID && x.ID != r.Account.ID && x.State != account.Suspended && !touring(x) {
			options = append(options, page.Option{Value: x.ID.String(), Text: x.Name + " (" + x.Email + ")"})
		}
	}
	return options, nil
}

func (a *area) showHandOver(r *page.Request, status int, f *page.Form, p *account.Account) error {
	options, err := a.heirs(r, p)
	if err != nil {
		return err
	}
	f.SetOptions("to", options)
	names, _, err := programmes(r.Context(), r)
	if err != nil {
		return err
	}
	r.Crumb(p.Name, of(r, p.ID, ""))
	return r.Render(status, "people/hand-over", struct {
		Person *account.Account
		Form   *page.Form
		Roles  string
		Alone  bool
		Back   string
	}{p, f, rolesText(r, p, names), len(options) == 1, of(r, p.ID, "")})
}

func (a *area) handOverPost(r *page.Request) error {
	f, err := r.ReadForm("people.hand-over")
	if err != nil {
		return err
	}
	p, err := a.other(r)
	if err != nil {
		return err
	}
	options, err := a.heirs(r, p)
	if err != nil {
		return err
	}
	var values []string
	for _, o := range options[1:] {
		values = append(values, o.Value)
	}
	to, err := ids.Parse(f.Choice("to", values, page.Required))
	if f.Bad() || err != nil {
		return a.showHandOver(r, 422, f, p)
	}
	if err := a.accounts.HandOver(r.Context(), r.Account, p.ID, to); err != nil {
		if fault.KindOf(err) == fault.NotFound {
			return err
		}
		if err := mark(f, err); err != nil {
			return err
		}
		return a.showHandOver(r, statusOf(err), f, p)
	}
	r.Flash("people.hand-over.done")
	return r.Redirect(page.Path("/people/{account}", "account", to))
}
