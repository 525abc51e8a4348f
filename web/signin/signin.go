// Package signin holds the pages by which people get in and look after their own
// account: sign-in with password and code, with a passkey or at a provider, one-time
// links, the proof before dangerous changes, and the account page. It joins
// sessions with cookies.
//
// It knows no programme, no answers and no SQL; what it decides with is
// trust/account.
package signin

import (
	"embed"
	"net/http"

	"github.com/alexedwards/scs/v2"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/trust/access"
	"waymark/trust/account"
	"waymark/web/page"
)

//go:embed *.tmpl lang/*.yaml
var files embed.FS

// Settings are what the area is made with.
type Settings struct {
	House    *page.House      // Required
	Accounts *account.Service // Required
	// Provider of single sign-on. Default none.
	Provider *Provider
	// Tour is the account that visitors may look around with. Default none.
	Tour ids.ID
}

// SignIn is the area. It implements page.Sessions.
type SignIn struct {
	house    *page.House
	accounts *account.Service
	sessions *scs.SessionManager
	provider *Provider
	tour     ids.ID
}

var _ page.Sessions = (*SignIn)(nil)

// New makes the area.
func New(set Settings) (*SignIn, error) {
	if set.House == nil || set.Accounts == nil {
		return nil, fault.New(fault.Internal, fault.Place{}, "signing in needs a house and accounts", "")
	}
	if set.Provider != nil {
		if err := set.Provider.check(set.House); err != nil {
			return nil, err
		}
	}
	s := &SignIn{house: set.House, accounts: set.Accounts, provider: set.Provider, tour: set.Tour}
	s.sessions = s.manager()
	return s, nil
}

// Area is the pages. The house is that of New.
func (s *SignIn) Area() page.Area {
	return page.Area{Name: "signin", Files: files, Routes: []page.Route{
		{Pattern: "GET /sign-in", Action: access.Public, Do: s.enter},
		{Pattern: "POST /sign-in", Action: access.Public, Do: s.enterPost},
		{Pattern: "GET /sign-in/code", Action: access.Public, Do: s.code},
		{Pattern: "POST /sign-in/code", Action: access.Public, Do: s.codePost},
		{Pattern: "POST /sign-in/passkey/ask", Action: access.Public, Do: s.askPasskey},
		{Pattern: "POST /sign-in/passkey", Action: access.Public, Do: s.passkeyPost},
		{Pattern: "GET /sign-in/provider", Action: access.Public, Do: s.leaveToEnter},
		{Pattern: "GET /sign-in/provider/back", Action: access.Public, Do: s.back},
		{Pattern: "POST /sign-in/tour", Action: access.Public, Do: s.tourPost},
		{Pattern: "POST /sign-out", Action: access.Public, Do: s.leave},

		{Pattern: "GET /sign-in/again", Action: access.Home, Do: s.again},
		{Pattern: "POST /sign-in/again", Action: access.Home, Do: s.againPost},
		{Pattern: "POST /sign-in/again/passkey/ask", Action: access.Home, Do: s.askPasskey},
		{Pattern: "POST /sign-in/again/passkey", Action: access.Home, Do: s.againPasskeyPost},
		{Pattern: "GET /sign-in/again/provider", Action: access.Home, Do: s.leaveToProve},
		{Pattern: "GET /sign-in/strong", Action: access.Home, Do: s.strong},

		{Pattern: "GET /link/{token}", Action: access.Public, Of: page.OfSystem, Do: s.open},
		{Pattern: "GET /join", Action: access.Public, Do: s.join},
		{Pattern: "POST /join", Action: access.Public, Do: s.joinPost},
		{Pattern: "GET /join/factor", Action: access.Public, Do: s.factor},
		{Pattern: "POST /join/factor", Action: access.Public, Do: s.factorPost},
		{Pattern: "POST /join/passkey/ask", Action: access.Public, Do: s.askJoinPasskey},
		{Pattern: "POST /join/passkey", Action: access.Public, Do: s.joinPasskeyPost},
		{Pattern: "POST /join/plain", Action: access.Public, Do: s.joinPlainPost},
		{Pattern: "GET /join/provider", Action: access.Public, Do: s.leaveToJoin},

		{Pattern: "GET /account", Action: access.OwnAccount, Do: s.own},
		{Pattern: "GET /account/details", Action: access.OwnAccount, Do: s.details},
		{Pattern: "POST /account/details", Action: access.OwnAccount, Do: s.detailsPost},
		{Pattern: "GET /account/password", Action: access.OwnAccount, Do: s.password},
		{Pattern: "POST /account/password", Action: access.OwnAccount, Do: s.passwordPost},
		{Pattern: "GET /account/one-time", Action: access.OwnAccount, Do: s.oneTime},
		{Pattern: "POST /account/one-time", Action: access.OwnAccount, Do: s.oneTimePost},
		{Pattern: "GET /account/one-time/remove", Action: access.OwnAccount, Do: s.oneTimeRemove},
		{Pattern: "POST /account/one-time/remove", Action: access.OwnAccount, Do: s.oneTimeRemovePost},
		{Pattern: "GET /account/recovery", Action: access.OwnAccount, Do: s.recovery},
		{Pattern: "POST /account/recovery", Action: access.OwnAccount, Do: s.recoveryPost},
		{Pattern: "GET /account/codes", Action: access.OwnAccount, Do: s.codes},
		{Pattern: "POST /account/codes", Action: access.OwnAccount, Do: s.codesPost},
		{Pattern: "GET /account/passkey", Action: access.OwnAccount, Do: s.passkey},
		{Pattern: "POST /account/passkey/ask", Action: access.OwnAccount, Do: s.askNewPasskey},
		{Pattern: "POST /account/passkey", Action: access.OwnAccount, Do: s.newPasskeyPost},
		{Pattern: "GET /account/passkey/{passkey}/remove", Action: access.OwnAccount, Of: page.OfSystem, Do: s.passkeyRemove},
		{Pattern: "POST /account/passkey/{passkey}/remove", Action: access.OwnAccount, Of: page.OfSystem, Do: s.passkeyRemovePost},
		{Pattern: "POST /account/sessions", Action: access.OwnAccount, Do: s.sessionsPost},
	}}
}

// cookieName is of the session. Browsers hold a name that begins with __Host- to
// this host, this path and TLS.
func (s *SignIn) cookieName() string {
	if s.house.Secure() {
		return "__Host-session"
	}
	return "session"
}

// manager joins sessions with a cookie. It ends with the browser; how long a
// session lasts is decided by the keeper.
func (s *SignIn) manager() *scs.SessionManager {
	keeper := s.accounts.Sessions()
	m := scs.New()
	m.Store, m.Codec = keeper, keeper
	m.Lifetime = account.Absolute
	m.Cookie = scs.SessionCookie{Name: s.cookieName(), Path: "/", HttpOnly: true, Secure: s.house.Secure(), SameSite: http.SameSiteLaxMode}
	m.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) {
		if r.Context().Err() != nil {
			return // the browser has gone
		}
		s.house.Log.Error("session", "error", err.Error())
		http.Error(w, "Internal error", http.StatusInternalServerError)
	}
	return m
}
