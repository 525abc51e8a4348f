package signin

import (
	"encoding/hex"
	"errors"
	"net/http"

	"waymark/trust/access"
	"waymark/trust/account"
	"waymark/web/page"
)

// ownPage is what the account page shows.
type ownPage struct {
	Form     *page.Form // of errors that came back to this page
	Person   page.Summary
	Ways     page.Summary
	Passkeys page.Table
	CanMake  bool
	Sessions []session
	Others   bool // there are sessions beside this one
	Roles    []string
}

// session is one row of the list.
type session struct {
	Hash          string
	Agent         string
	Created, Seen page.Cell
	Here          bool
}

func (s *SignIn) own(r *page.Request) error {
	return s.showOwn(r, http.StatusOK, r.NewForm("signin.own"))
}

func (s *SignIn) showOwn(r *page.Request, status int, f *page.Form) error {
	a := r.Account
	v := ownPage{Form: f, CanMake: s.accounts.HasPasskeys(), Roles: roles(r, a)}
	v.Person = page.Summary{Rows: []page.SummaryRow{
		{Key: r.Text("signin.own.name"), Value: page.Cell{Text: a.Name}, Actions: []page.Link{{Text: r.Text("page.change"), Href: "/account/details", Hidden: r.Text("signin.own.name")}}},
		{Key: r.Text("signin.own.email"), Value: page.Cell{Text: a.Email}},
		{Key: r.Text("signin.own.lang"), Value: page.Cell{Text: page.LanguageNames[a.Lang]}, Actions: []page.Link{{Text: r.Text("page.change"), Href: "/account/details", Hidden: r.Text("signin.own.lang")}}},
	}}
	v.Ways = page.Summary{Rows: s.ways(r, a)}
	v.Passkeys = passkeys(r, a)
	open, err := s.accounts.OpenSessions(r.Context(), a.ID, s.here(r))
	if err != nil {
		return err
	}
	for _, o := range open {
		name := o.Agent
		if name == "" {
			name = r.Text("signin.session.unnamed")
		}
		v.Sessions = append(v.Sessions, session{Hash: hex.EncodeToString(o.Hash), Agent: name, Created: r.Moment(o.Created), Seen: r.Moment(o.Seen), Here: o.Here})
		v.Others = v.Others || !o.Here
	}
	return r.Render(status, "signin/own", v)
}

// roles says what a person may do, in words, each once.
func roles(r *page.Request, a *account.Account) []string {
	var texts []string
	seen := map[access.Role]bool{}
	for _, m := range a.Members {
		if !seen[m.Role] {
			seen[m.Role] = true
			texts = append(texts, r.Text("signin.role."+string(m.Role)))
		}
	}
	return texts
}

// ways are a person's ways to prove who they are, beside passkeys.
func (s *SignIn) ways(r *page.Request, a *account.Account) []page.SummaryRow {
	change := func(key, name, href string) page.Link {
		return page.Link{Text: r.Text(key), Href: href, Hidden: r.Text(name)}
	}
	password := page.SummaryRow{Key: r.Text("signin.own.password"), Value: page.Cell{Text: r.Text("signin.own.set")},
		Actions: []page.Link{change("page.change", "signin.own.password", "/account/password")}}
	if a.Password == "" {
		password.Value.Text = r.Text("signin.own.not-set")
		password.Actions[0] = change("signin.own.set-up", "signin.own.password", "/account/password")
	}
	rows := []page.SummaryRow{password}
	if a.OneTime == nil {
		return append(rows, page.SummaryRow{Key: r.Text("signin.own.one-time"), Value: page.Cell{Text: r.Text("signin.own.not-set")},
			Actions: []page.Link{change("signin.own.set-up", "signin.own.one-time", "/account/one-time")}})
	}
	return append(rows,
		page.SummaryRow{Key: r.Text("signin.own.one-time"), Value: page.Cell{Text: r.Text("signin.own.set")}, Actions: []page.Link{
			change("page.change", "signin.own.one-time", "/account/one-time"), change("signin.remove", "signin.own.one-time", "/account/one-time/remove")}},
		page.SummaryRow{Key: r.Text("signin.own.recovery"), Value: page.Cell{Text: r.Text("signin.own.recovery.left", "n", len(a.Recovery))},
			Actions: []page.Link{change("signin.own.renew", "signin.own.recovery", "/account/recovery")}})
}

func passkeys(r *page.Request, a *account.Account) page.Table {
	t := page.Table{Caption: r.Text("signin.own.passkeys"), Quiet: true,
		Head:  []page.Head{{Text: r.Text("signin.passkey.name")}, {Text: r.Text("signin.passkey.created")}, {Text: r.Text("signin.passkey.used")}, {Text: r.Text("page.change")}},
		Empty: page.Empty{Title: r.Text("signin.passkey.none.title"), Text: r.Text("signin.passkey.none.text")}}
	for _, p := range a.Passkeys {
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{{Text: p.Name}, r.Moment(p.Created), r.Moment(p.Used),
			{Links: []page.Link{{Text: r.Text("signin.remove"), Hidden: p.Name, Href: page.Path("/account/passkey/{passkey}/remove", "passkey", p.ID)}}}}})
	}
	return t
}

// sessionsPost ends one session, or all but this one.
func (s *SignIn) sessionsPost(r *page.Request) error {
	f, err := r.ReadForm("signin.own")
	if err != nil {
		return err
	}
	if f.Raw("all") != "" {
		if err := s.accounts.EndOthers(r.Context(), s.ticket(r.Context()), s.here(r)); err != nil {
			return err
		}
	} else {
		hash, err := hex.DecodeString(f.Raw("session"))
		if err != nil {
			return page.NotFound()
		}
		if err := s.accounts.EndSession(r.Context(), r.Account.ID, hash); err != nil {
			return err
		}
	}
	r.Flash("signin.session.ended")
	return r.Redirect("/account")
}

// changed answers a change of one's own account: on to a page, or why not.
func (s *SignIn) changed(r *page.Request, err error, flash string) error {
	switch {
	case err == nil:
		r.Flash(flash)
		return r.Redirect("/account")
	case errors.Is(err, account.ErrStale):
		return r.Redirect(page.Path(page.AgainPath, "to", "/account"))
	case errors.Is(err, account.ErrOver):
		return s.over(r, "/account")
	}
	f := r.NewForm("signin.own")
	if err := mark(r, f, err); err != nil {
		return err
	}
	return s.showOwn(r, http.StatusConflict, f)
}

func (s *SignIn) details(r *page.Request) error {
	f := r.NewForm("signin.details")
	f.Set("name", r.Account.Name)
	f.Set("lang", r.Account.Lang)
	return showDetails(r, http.StatusOK, f)
}

func showDetails(r *page.Request, status int, f *page.Form) error {
	var options []page.Option
	for _, code := range page.Languages {
		options = append(options, page.Option{Value: code, Text: page.LanguageNames[code]})
	}
	f.SetOptions("lang", options)
	return r.Render(status, "signin/details", f)
}

func (s *SignIn) detailsPost(r *page.Request) error {
	f, err := r.ReadForm("signin.details")
	if err != nil {
		return err
	}
	name, lang := f.Text("name", page.Required), f.Choice("lang", page.Languages, page.Required)
	if !f.Bad() {
		if err := f.Take(s.accounts.ChangeSelf(r.Context(), s.ticket(r.Context()), name, lang)); err != nil {
			return err
		}
	}
	if f.Bad() {
		return showDetails(r, 422, f)
	}
	r.SetLanguage(lang)
	r.Flash("signin.details.done")
	return r.Redirect("/account")
}

// form shows a form that needs a fresh proof.
func (s *SignIn) form(r *page.Request, name, prefix string) error {
	if ok, err := fresh(r, r.URL.Path); !ok {
		return err
	}
	return r.Render(http.StatusOK, "signin/"+name, r.NewForm(prefix))
}

func (s *SignIn) password(r *page.Request) error { return s.form(r, "password", "signin.password") }

func (s *SignIn) passwordPost(r *page.Request) error {
	f, err := r.ReadForm("signin.password")
	if err != nil {
		return err
	}
	if ok, err := fresh(r, r.URL.Path); !ok {
		return err
	}
	p := chosenPassword(f, r.Account.Name, r.Account.Email)
	if f.Bad() {
		return r.Render(422, "signin/password", f)
	}
	t, err := s.accounts.ChangePassword(r.Context(), s.ticket(r.Context()), p)
	if err != nil {
		return s.changed(r, err, "")
	}
	if err := s.rotate(r, t); err != nil {
		return err
	}
	r.Flash("signin.password.done")
	return r.Redirect("/account")
}
