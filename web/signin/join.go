package signin

import (
	"errors"
	"net/http"

	"waymark/internal/fault"
	"waymark/trust/account"
	"waymark/web/page"
)

// open takes the token of a one-time link out of the address: from here on the
// session knows which link it was. It uses nothing up.
func (s *SignIn) open(r *page.Request) error {
	joining, err := s.accounts.Open(r.Context(), r.PathValue("token"))
	if errors.Is(err, account.ErrLink) {
		return r.Render(http.StatusNotFound, "signin/no-link", nil)
	}
	if err != nil {
		return err
	}
	t := s.ticket(r.Context())
	t.Joining, t.Secret, t.Ceremony = joining.Joining, nil, nil
	s.keep(r, t)
	return r.Redirect("/join")
}

// arrival is what the page shows that a link leads to.
type arrival struct {
	Form     *page.Form
	Joining  *account.Joining
	Provider string
}

func (s *SignIn) showArrival(r *page.Request, status int, f *page.Form, j *account.Joining) error {
	v := arrival{Form: f, Joining: j}
	if s.provider != nil && j.Purpose == account.Invite {
		v.Provider = s.provider.Name
	}
	return r.Render(status, "signin/join", v)
}

// join asks for what a person chooses: name, address, password.
func (s *SignIn) join(r *page.Request) error {
	j := s.ticket(r.Context()).Joining
	if j == nil {
		return r.Render(http.StatusNotFound, "signin/no-link", nil)
	}
	f := r.NewForm("signin.join")
	f.Set("name", j.Name)
	return s.showArrival(r, http.StatusOK, f, j)
}

func (s *SignIn) joinPost(r *page.Request) error {
	t := s.ticket(r.Context())
	f, err := r.ReadForm("signin.join")
	if err != nil {
		return err
	}
	if t.Joining == nil {
		return r.Render(http.StatusNotFound, "signin/no-link", nil)
	}
	c := account.Chosen{Lang: r.Lang}
	if p := t.Joining.Purpose; p == account.SetUp || p == account.Invite {
		c.Name = f.Text("name", page.Required)
	}
	if t.Joining.Purpose == account.SetUp {
		c.Email = f.Text("email", page.Required, page.Max(254))
		if c.Email != "" && account.CheckEmail(c.Email) != nil {
			f.Wrong("email", "signin.email.wrong")
		}
	}
	email := c.Email
	if email == "" {
		email = t.Joining.Email
	}
	c.Password = chosenPassword(f, c.Name, email)
	if f.Bad() {
		return s.showArrival(r, 422, f, t.Joining)
	}
	next, err := s.accounts.Choose(r.Context(), t, c)
	switch {
	case errors.Is(err, account.ErrLink), errors.Is(err, account.ErrOver):
		return r.Render(http.StatusNotFound, "signin/no-link", nil)
	case err != nil:
		if err := mark(r, f, err); err != nil {
			return err
		}
		return s.showArrival(r, statusOf(err), f, t.Joining)
	}
	t.Joining, t.Secret = next.Joining, next.Secret
	s.keep(r, t)
	if t.Joining == nil {
		r.Flash("signin.reset.done")
		return r.Redirect("/sign-in")
	}
	return r.Redirect("/join/factor")
}

// chosenPassword reads a new password, typed twice, and says what is wrong with it
// in the page's language.
func chosenPassword(f *page.Form, name, email string) string {
	p, again := f.Secret("password", page.Required, page.Max(500)), f.Secret("again", page.Max(500))
	if p == "" {
		return ""
	}
	if w := account.Weaknesses(p, name, email); len(w) > 0 {
		f.Wrong("password", "signin.password."+string(w[0]))
	} else if p != again {
		f.Wrong("again", "signin.password.different")
	}
	return p
}

// secondStep is what the page shows that sets up a second factor on the way in.
type secondStep struct {
	Form     *page.Form
	Picture  *Picture
	Text     string
	Passkeys bool
	// Optional says that the person's roles do not need one.
	Optional bool
}

func (s *SignIn) showFactor(r *page.Request, status int, f *page.Form, t *account.Ticket) error {
	v := secondStep{Form: f, Text: account.OneTimeText(t.Secret), Passkeys: s.accounts.HasPasskeys(), Optional: !t.Joining.Strong}
	var err error
	if v.Picture, err = picture(s.accounts.OneTimeAddress(t.Joining.Email, t.Secret)); err != nil {
		return err
	}
	return r.Render(status, "signin/factor", v)
}

// chosen returns the ticket of a person whose password is chosen, or nil.
func (s *SignIn) chosen(r *page.Request) *account.Ticket {
	if t := s.ticket(r.Context()); t.Joining != nil && t.Joining.Password != "" && t.Secret != nil {
		return t
	}
	return nil
}

func (s *SignIn) factor(r *page.Request) error {
	t := s.chosen(r)
	if t == nil {
		return r.Redirect("/join")
	}
	return s.showFactor(r, http.StatusOK, r.NewForm("signin.factor"), t)
}

func (s *SignIn) factorPost(r *page.Request) error {
	f, err := r.ReadForm("signin.factor")
	if err != nil {
		return err
	}
	t := s.chosen(r)
	if t == nil {
		return r.Redirect("/join")
	}
	code := f.Secret("code", page.Required, page.Max(20))
	if f.Bad() {
		return s.showFactor(r, 422, f, t)
	}
	next, err := s.accounts.JoinOneTime(r.Context(), visit(r), t, code)
	return s.joined(r, f, t, next, err)
}

// joined lets in who took the last step, or says what is wrong with it.
func (s *SignIn) joined(r *page.Request, f *page.Form, t, next *account.Ticket, err error) error {
	switch {
	case errors.Is(err, account.ErrLink):
		return r.Render(http.StatusNotFound, "signin/no-link", nil)
	case errors.Is(err, account.ErrOver):
		r.Flash("signin.over")
		return r.Redirect("/join")
	case err != nil:
		if err := mark(r, f, err); err != nil {
			return err
		}
		return s.showFactor(r, statusOf(err), f, t)
	}
	to := "/"
	if len(next.Codes) > 0 {
		to = "/account/codes"
	}
	return s.admit(r, next, to)
}

func (s *SignIn) askJoinPasskey(r *page.Request) error {
	q, c, err := s.accounts.AskJoinPasskey(s.ticket(r.Context()))
	if err != nil {
		return noQuestion(r)
	}
	return s.question(r, q, c)
}

func (s *SignIn) joinPasskeyPost(r *page.Request) error {
	f, err := r.ReadForm("signin.factor")
	if err != nil {
		return err
	}
	t := s.chosen(r)
	if t == nil {
		return r.Redirect("/join")
	}
	next, err := s.accounts.JoinPasskey(r.Context(), visit(r), s.used(r), []byte(f.Raw("answer")), agent(r.UserAgent()))
	return s.joined(r, f, t, next, err)
}

func (s *SignIn) joinPlainPost(r *page.Request) error {
	f, err := r.ReadForm("signin.factor")
	if err != nil {
		return err
	}
	t := s.chosen(r)
	if t == nil {
		return r.Redirect("/join")
	}
	next, err := s.accounts.JoinPlain(r.Context(), visit(r), t)
	if fault.KindOf(err) == fault.Denied && err != nil {
		return s.showFactor(r, http.StatusForbidden, f, t)
	}
	return s.joined(r, f, t, next, err)
}
