package page

import (
	"net/http"
	"slices"

	"golang.org/x/text/language"

	"waymark/trust/access"
	"waymark/trust/account"
)

const languageCookie = "lang"

var (
	languageTags = []language.Tag{language.English, language.French, language.Arabic}
	matcher      = language.NewMatcher(languageTags)
)

// languageOf chooses the language of a page: what was chosen in this browser, what
// the account says, what the browser asks for, English.
func languageOf(r *http.Request, a *account.Account) string {
	if c, err := r.Cookie(languageCookie); err == nil && slices.Contains(Languages, c.Value) {
		return c.Value
	}
	if a != nil && slices.Contains(Languages, a.Lang) {
		return a.Lang
	}
	accept := r.Header.Get("Accept-Language")
	if len(accept) > 500 {
		return Languages[0]
	}
	wanted, _, err := language.ParseAcceptLanguage(accept)
	if err != nil || len(wanted) == 0 {
		return Languages[0]
	}
	_, i, sure := matcher.Match(wanted...)
	if sure == language.No {
		return Languages[0]
	}
	return Languages[i]
}

// SetLanguage chooses the language for this browser.
func (r *Request) SetLanguage(code string) {
	if !slices.Contains(Languages, code) {
		return
	}
	http.SetCookie(r.W, &http.Cookie{Name: languageCookie, Value: code, Path: "/", MaxAge: 365 * 24 * 3600,
		HttpOnly: true, Secure: r.House.Secure(), SameSite: http.SameSiteLaxMode})
	r.Lang = code
}

// Prefer uses a language for this answer, unless another was chosen in this browser.
func (r *Request) Prefer(code string) {
	if _, err := r.Cookie(languageCookie); err != nil && slices.Contains(Languages, code) {
		r.Lang = code
	}
}

// setLanguage is the switch at the foot of every page.
func setLanguage(r *Request) error {
	f, err := r.ReadForm("page")
	if err != nil {
		return err
	}
	code := f.Choice("lang", Languages)
	r.SetLanguage(code)
	if r.Account != nil && code != "" && code != r.Account.Lang && r.May(access.OwnAccount) {
		err := r.House.Accounts.ChangeAccount(r.Context(), r.By, "account.language", r.Account.ID, func(a *account.Account) error {
			a.Lang = code
			return nil
		})
		if err != nil {
			return err
		}
	}
	to := f.Raw("to")
	if !LocalPath(to) {
		to = "/"
	}
	return r.Redirect(to)
}
