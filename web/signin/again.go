package signin

import (
	"errors"
	"net/http"

	"waymark/trust/account"
	"waymark/web/page"
)

// proof is what the page shows that asks again who someone is.
type proof struct {
	Form     *page.Form
	To       string
	Password bool
	Code     bool
	Passkeys bool
	Provider string
}

func (s *SignIn) showProof(r *page.Request, status int, f *page.Form, to string) error {
	v := proof{Form: f, To: to, Password: r.Account.Password != "", Code: r.Account.OneTime != nil,
		Passkeys: s.accounts.HasPasskeys() && len(r.Account.Passkeys) > 0}
	if s.provider != nil && r.Account.Subject != "" {
		v.Provider = s.provider.Name
	}
	return r.Render(status, "signin/again", v)
}

// again asks for a fresh proof before what needs one.
func (s *SignIn) again(r *page.Request) error {
	return s.showProof(r, http.StatusOK, r.NewForm("signin.again"), to(r, nil))
}

func (s *SignIn) againPost(r *page.Request) error {
	f, err := r.ReadForm("signin.again")
	if err != nil {
		return err
	}
	password, code := f.Secret("password", page.Required), ""
	if r.Account.OneTime != nil {
		code = f.Secret("code", page.Required, page.Max(64))
	}
	if f.Bad() {
		return s.showProof(r, 422, f, to(r, f))
	}
	t, err := s.accounts.Prove(r.Context(), visit(r), s.ticket(r.Context()), password, code)
	return s.proven(r, f, t, err)
}

// proven goes on with a fresh proof, or says why it is none.
func (s *SignIn) proven(r *page.Request, f *page.Form, t *account.Ticket, err error) error {
	if errors.Is(err, account.ErrOver) {
		return s.over(r, to(r, f))
	}
	if err != nil {
		if err := mark(r, f, err); err != nil {
			return err
		}
		return s.showProof(r, statusOf(err), f, to(r, f))
	}
	if err := s.rotate(r, t); err != nil {
		return err
	}
	return r.Redirect(to(r, f))
}

func (s *SignIn) againPasskeyPost(r *page.Request) error {
	f, err := r.ReadForm("signin.again")
	if err != nil {
		return err
	}
	t, err := s.accounts.ProvePasskey(r.Context(), s.used(r), []byte(f.Raw("answer")))
	return s.proven(r, f, t, err)
}

// strong says that a second factor is needed: to use it, or to set one up.
func (s *SignIn) strong(r *page.Request) error {
	if r.Principal.Strong {
		return r.Redirect(to(r, nil))
	}
	return r.Render(http.StatusOK, "signin/strong", struct {
		To            string
		Has, Passkeys bool
	}{to(r, nil), r.Account.OneTime != nil || len(r.Account.Passkeys) > 0, s.accounts.HasPasskeys()})
}

// fresh says whether the person proved who they are a short time ago; if not, it
// leads to the page that asks, which comes back to a page.
func fresh(r *page.Request, back string) (ok bool, err error) {
	if r.Principal.Fresh {
		return true, nil
	}
	return false, r.Redirect(page.Path(page.AgainPath, "to", back))
}
