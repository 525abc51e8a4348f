package signin

import (
	"errors"
	"net/http"

	"waymark/trust/account"
	"waymark/web/page"
)

// oneTime shows the secret of one-time codes to take over into a telephone.
func (s *SignIn) oneTime(r *page.Request) error {
	if ok, err := fresh(r, r.URL.RequestURI()); !ok {
		return err
	}
	t, err := s.accounts.AskOneTime(r.Context(), s.ticket(r.Context()))
	if err != nil {
		return s.changed(r, err, "")
	}
	s.keep(r, t)
	f := r.NewForm("signin.factor")
	f.Set("to", to(r, nil))
	return s.showOneTime(r, http.StatusOK, f, t)
}

func (s *SignIn) showOneTime(r *page.Request, status int, f *page.Form, t *account.Ticket) error {
	v := secondStep{Form: f, Text: account.OneTimeText(t.Secret)}
	var err error
	if v.Picture, err = picture(s.accounts.OneTimeAddress(r.Account.Email, t.Secret)); err != nil {
		return err
	}
	return r.Render(status, "signin/one-time", v)
}

func (s *SignIn) oneTimePost(r *page.Request) error {
	f, err := r.ReadForm("signin.factor")
	if err != nil {
		return err
	}
	t := s.ticket(r.Context())
	if t.Secret == nil {
		return r.Redirect("/account/one-time")
	}
	code := f.Secret("code", page.Required, page.Max(20))
	if f.Bad() {
		return s.showOneTime(r, 422, f, t)
	}
	next, err := s.accounts.SetOneTime(r.Context(), t, code)
	if errors.Is(err, account.ErrCode) {
		f.Wrong("code", "signin.one-time.wrong")
		return s.showOneTime(r, 422, f, t)
	}
	if err != nil {
		return s.changed(r, err, "")
	}
	if err := s.rotate(r, next); err != nil {
		return err
	}
	return r.Redirect(page.Path("/account/codes", "to", to(r, f)))
}

func (s *SignIn) oneTimeRemove(r *page.Request) error {
	if ok, err := fresh(r, r.URL.Path); !ok {
		return err
	}
	return r.Confirm(page.Confirm{Title: r.Text("signin.one-time.remove.title"), Lines: []string{r.Text("signin.one-time.remove.text")},
		Action: r.URL.Path, Button: r.Text("signin.remove"), Dangerous: true, Cancel: "/account"})
}

func (s *SignIn) oneTimeRemovePost(r *page.Request) error {
	return s.changed(r, s.accounts.RemoveOneTime(r.Context(), s.ticket(r.Context())), "signin.one-time.removed")
}

func (s *SignIn) recovery(r *page.Request) error {
	if ok, err := fresh(r, r.URL.Path); !ok {
		return err
	}
	return r.Confirm(page.Confirm{Title: r.Text("signin.recovery.renew.title"), Lines: []string{r.Text("signin.recovery.renew.text")},
		Action: r.URL.Path, Button: r.Text("signin.recovery.renew.button"), Cancel: "/account"})
}

func (s *SignIn) recoveryPost(r *page.Request) error {
	t, err := s.accounts.RenewRecovery(r.Context(), s.ticket(r.Context()))
	if err != nil {
		return s.changed(r, err, "")
	}
	s.keep(r, t)
	return r.Redirect("/account/codes")
}

// codes shows new recovery codes until the person says that they are kept, and
// only while the proof of who they are is fresh.
func (s *SignIn) codes(r *page.Request) error {
	t := s.ticket(r.Context())
	if len(t.Codes) == 0 || !r.Principal.Fresh {
		return r.Redirect(to(r, nil))
	}
	return r.Render(http.StatusOK, "signin/codes", struct {
		Codes []string
		To    string
	}{t.Codes, to(r, nil)})
}

func (s *SignIn) codesPost(r *page.Request) error {
	f, err := r.ReadForm("signin.codes")
	if err != nil {
		return err
	}
	t := s.ticket(r.Context())
	t.Codes = nil
	s.keep(r, t)
	return r.Redirect(to(r, f))
}

// passkey offers to make one.
func (s *SignIn) passkey(r *page.Request) error {
	if ok, err := fresh(r, r.URL.RequestURI()); !ok {
		return err
	}
	f := r.NewForm("signin.passkey")
	f.Set("name", agent(r.UserAgent()))
	f.Set("to", to(r, nil))
	return r.Render(http.StatusOK, "signin/passkey", f)
}

func (s *SignIn) askNewPasskey(r *page.Request) error {
	if !r.Principal.Fresh {
		return noQuestion(r)
	}
	q, c, err := s.accounts.AskNewPasskey(r.Account)
	if err != nil {
		return noQuestion(r)
	}
	return s.question(r, q, c)
}

func (s *SignIn) newPasskeyPost(r *page.Request) error {
	f, err := r.ReadForm("signin.passkey")
	if err != nil {
		return err
	}
	name := f.Text("name", page.Max(60))
	t, err := s.accounts.AddPasskey(r.Context(), s.used(r), []byte(f.Raw("answer")), name)
	if errors.Is(err, account.ErrPasskey) || errors.Is(err, account.ErrNoPasskeys) {
		f.Wrong("", "signin.passkey.wrong")
		return r.Render(422, "signin/passkey", f)
	}
	if err != nil {
		return s.changed(r, err, "")
	}
	if err := s.rotate(r, t); err != nil {
		return err
	}
	r.Flash("signin.passkey.made")
	back := to(r, f)
	if back == "/" {
		back = "/account"
	}
	return r.Redirect(back)
}

func (s *SignIn) passkeyRemove(r *page.Request) error {
	if ok, err := fresh(r, r.URL.Path); !ok {
		return err
	}
	id, err := r.PathID("passkey")
	if err != nil {
		return err
	}
	for _, p := range r.Account.Passkeys {
		if p.ID == id {
			return r.Confirm(page.Confirm{Title: r.Text("signin.passkey.remove.title", "name", p.Name), Lines: []string{r.Text("signin.passkey.remove.text")},
				Action: r.URL.Path, Button: r.Text("signin.remove"), Dangerous: true, Cancel: "/account"})
		}
	}
	return page.NotFound()
}

func (s *SignIn) passkeyRemovePost(r *page.Request) error {
	id, err := r.PathID("passkey")
	if err != nil {
		return err
	}
	return s.changed(r, s.accounts.RemovePasskey(r.Context(), s.ticket(r.Context()), id), "signin.passkey.removed")
}
