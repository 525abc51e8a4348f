package refer

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"waymark/internal/ids"
	"waymark/referral"
	"waymark/referral/referraltest"
	"waymark/referral/rule"
	"waymark/trust/access"
	"waymark/trust/account"
	"waymark/web/matter"
	"waymark/web/page"
	"waymark/web/page/pagetest"
	"waymark/web/webtest"
)

func TestMain(m *testing.M) { webtest.Main(m) }

var ctx = context.Background()

// site is the pages over a world, with the real policies and a log that is looked at.
type site struct {
	*referraltest.World
	t     testing.TB
	kit   *matter.Kit
	house *page.House
	area  page.Area
	uk    *rule.Pathway
	log   *bytes.Buffer
}

func newSite(t testing.TB, base string, o Options) *site {
	t.Helper()
	s := &site{t: t, log: &bytes.Buffer{}, World: referraltest.NewWorld(t, nil)}
	policies, err := access.Load()
	s.must(err)
	s.house = pagetest.House(page.House{Collection: s.Collection, Accounts: s.Accounts, Policies: policies, Now: s.Time, Secret: referraltest.Secret, Base: base,
		Log: slog.New(slog.NewTextHandler(s.log, nil))})
	all, err := rule.Builtin()
	s.must(err)
	s.uk = all["uk"]
	s.kit, err = matter.New(matter.Options{House: s.house, Store: s.Memory, Library: referral.NewLibrary(s.Memory, s.uk)})
	s.must(err)
	s.area = Area(s.kit, o)
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(s.log.String())
		}
	})
	return s
}

func (s *site) must(err error) {
	if err != nil {
		s.t.Helper()
		s.t.Fatal(err)
	}
}

// as is a client of somebody who is signed in; nil is a visitor.
func (s *site) as(a *account.Account) *pagetest.Client {
	s.t.Helper()
	if a != nil {
		var err error
		a, err = s.Accounts.Account(ctx, a.ID)
		s.must(err)
	}
	return pagetest.New(s.t, s.house, &pagetest.Person{Account: a, Session: page.Session{Strong: true, Fresh: true}}, matter.Area(), s.area)
}

func beginAt() string { return BeginPath(referraltest.Harbour) }

// drafted is a draft of the police's officer, begun over the pages.
func (s *site) drafted(c *pagetest.Client) (id ids.ID, at string) {
	s.t.Helper()
	got := c.Post(beginAt(), nil)
	if got.Code != 303 || !strings.HasSuffix(got.Location(), "/referral") {
		s.t.Fatalf("beginning answered %d to %q", got.Code, got.Location())
	}
	at = got.Location()
	id, err := ids.Parse(strings.Split(at, "/")[2])
	s.must(err)
	return id, at
}

var etagOn = regexp.MustCompile(`name="etag" value="([0-9-]+)"`)

func etag(a *pagetest.Answer) string {
	if m := etagOn.FindStringSubmatch(a.Body); m != nil {
		return m[1]
	}
	return ""
}

// answers are of an adult who consents; all of it is made up.
var answers = map[string][]string{
	"reporting-region": {"south-east"}, "under18": {"no"}, "under18-then": {"no"}, "birthplace": {canary + " birthplace"}, "family": {canary + " family"},
	"how-started": {canary + " start"}, "situation-start": {"2024-3-0"}, "still-in": {"no"}, "how-left": {canary + " left"}, "where": {"uk"}, "types": {"forced-work", "domestic"},
	"cooperate": {"unsure"}, "consent": {"yes"}, "consent-how": {"interpreter"}, "support-wanted": {"yes"},
	"name": {canary + " name"}, "gender": {"female"}, "nationality": {"VN"}, "interpreter": {"no"}, "decision-to": {"person"},
	"referrer-role": {"Officer"}, "referrer-phone": {"+44 7700 900456"}, "own-reference": {canary + " reference"}, "crime-reference": {canary + " crime"},
}

const canary = "Synthetic-Canary"

// fields are what a browser sends for a question.
func fields(q *rule.Question, values []string) url.Values {
	v, name := url.Values{}, matter.FieldName(q.ID)
	if q.Kind == rule.DateKind && len(values) > 0 {
		p := strings.Split(values[0], "-")
		v.Set(name+"-year", p[0])
		v.Set(name+"-month", p[1])
		if p[2] != "0" {
			v.Set(name+"-day", p[2])
		}
		return v
	}
	v[name] = values
	return v
}

// save answers one question as a browser does, and returns where it leads.
func (s *site) save(c *pagetest.Client, at, id string, values ...string) string {
	s.t.Helper()
	path := at + "/questions/" + id
	v := fields(s.uk.Referral.Question(id), values)
	v.Set("etag", etag(c.Get(path).Want(s.t, 200)))
	got := c.Post(path, v)
	if got.Code != 303 {
		s.t.Fatalf("%s answered %d: %.3000s", id, got.Code, got.Body)
	}
	return got.Location()
}

var record = url.Values{"date-day": {"3"}, "date-month": {"3"}, "date-year": {"2026"}, "language": {"vi"}, "interpreter": {"professional"},
	"how": {"spoken", "may-withdraw"}, "capacity": {"yes"}, "text": {canary + " record"}}

// walk answers everything from where it stands until the check, and returns what was asked.
func (s *site) walk(c *pagetest.Client, at string, given map[string][]string) (asked []string) {
	s.t.Helper()
	next := c.Get(at + "/next").Location()
	for next != at+"/check" {
		if len(asked) > 120 {
			s.t.Fatalf("the questions do not end: %v", asked)
		}
		if next == at+"/record" {
			got := c.Post(next, record)
			if got.Code != 303 {
				s.t.Fatalf("the record answered %d: %.3000s", got.Code, got.Body)
			}
			next = got.Location()
			continue
		}
		id, ok := strings.CutPrefix(next, at+"/questions/")
		if !ok {
			s.t.Fatalf("it leads to %q", next)
		}
		asked = append(asked, id)
		next = s.save(c, at, id, given[id]...)
	}
	return asked
}

func TestWords(t *testing.T) { pagetest.CheckLanguages(t, newSite(t, "", Options{}).area) }

// TestAnAdultWhoConsents is the way of a first responder from the start to the hand-over
// by hand.
func TestAnAdultWhoConsents(t *testing.T) {
	s := newSite(t, "", Options{})
	c := s.as(s.Officer)
	c.Get(beginAt()).Want(t, 200, "one person")
	id, at := s.drafted(c)
	c.Get(at).Want(t, 200, "Not started", "do not say yet", "Kept until", "Gil Synthetic answers for it", "<title>Waymark</title>")
	asked := s.walk(c, at, answers)
	for _, q := range []string{"organisation", "referrer-name", "consent-language", "consent-date", "notify-reason", "la-contacted"} {
		for _, a := range asked {
			if a == q {
				t.Errorf("%s was asked", q)
			}
		}
	}
	if len(asked) < 45 {
		t.Errorf("only %d questions were asked: %v", len(asked), asked)
	}
	c.Get(at).Want(t, 200, "This will be:", "Referral of an adult", "Check your answers")
	c.Get(at+"/check").Want(t, 200, canary+" name", "Make the package", "Harbour Police", "Gil Synthetic", "Vietnamese", "Consents")
	if got := c.Post(at+"/check", nil); got.Location() != at+"/package" {
		t.Fatalf("%d %q %.3000s", got.Code, got.Location(), got.Body)
	}
	c.Get(at+"/package").Want(t, 200, "Package (PDF)", "Record of consent (PDF)", "What to do next", "Ask where the person sleeps tonight", "Write down the hand-over")
	for _, p := range []string{"package.pdf", "package.html", "package.json", "consent.pdf", "consent.html", "steps.pdf", "steps.html"} {
		got := c.Get(at+"/papers/"+p).Want(t, 200)
		name := got.Header.Get("Content-Disposition")
		if !strings.Contains(name, "attachment") || strings.Contains(name, canary) || got.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %v", p, got.Header)
		}
		if strings.HasPrefix(p, "package.") && !strings.HasSuffix(p, "pdf") && !strings.Contains(got.Body, canary+" name") || strings.HasSuffix(p, "pdf") && !strings.HasPrefix(got.Body, "%PDF-") {
			t.Errorf("%s is %.200q", p, got.Body)
		}
	}
	c.Get(at+"/papers/other.pdf").Want(t, 404)
	c.Post(at+"/send", nil).Want(t, 404) // no service is set up
	c.Get(at+"/hand-over").Want(t, 200, "Uploaded on the authority")
	c.Post(at+"/hand-over", nil).Want(t, 422)
	c.Post(at+"/hand-over", url.Values{"how": {"upload"}, "receipt": {"SYN-1"}}).Want(t, 303)
	c.Get(at+"/package").Want(t, 200, "Handed over:", "SYN-1")
	m := s.Row(id)
	if m.State != referral.Sent || m.DueRule == "" {
		t.Errorf("%+v", m)
	}
	c.Post(at+"/hand-over", url.Values{"how": {"upload"}}).Want(t, 303)
	if n := len(s.Whole(id).Of(referral.PartHandover)); n != 1 {
		t.Errorf("%d hand-overs", n)
	}
	for _, e := range s.Entries() {
		if strings.Contains(fmt.Sprint(e), canary) {
			t.Errorf("the audit tells: %v", e)
		}
	}
	if strings.Contains(s.log.String(), canary) {
		t.Error("the log tells")
	}
}
