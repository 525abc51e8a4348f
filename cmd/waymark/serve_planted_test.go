package main

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"waymark/internal/ids"
	"waymark/referral"
)

var askOn = regexp.MustCompile(`name="ask" value="([0-9a-z]+)"`)

// document is one of the kind that pages take, with words in it and in its name.
func (n *network) document(of string) (name string, content []byte) {
	words := n.plant(of+" (content)", "file")
	return n.plant(of+" (name)", "file") + ".pdf", []byte("%PDF-1.4\n% " + words + "\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF\n")
}

// write fills in the form of a page with words in every field that takes some.
func (n *network) write(who, at string, set fields) *reply {
	n.t.Helper()
	v := n.people[who]
	action, _, _ := strings.Cut(at, "?")
	return v.fill(v.get(at).want(v, http.StatusOK), action, set, n.plant, n.document).want(v, http.StatusSeeOther)
}

// concerns goes through what happens to concerns: told, asked back, decided with
// reasons, opened again, given to another. It returns one of which a case was begun.
func (n *network) concerns() (id ids.ID) {
	n.t.Helper()
	worker, code, id := n.handIn(nil)
	at, back := "/concerns/"+id.String(), "/report/"+n.token+"/back"
	c := n.people["contact"]
	c.submit(c.get(at).want(c, 200), at+"/take", nil).want(c, 303)
	n.write("contact", at+"/ask", nil)
	asked := worker.submit(worker.get(back).want(worker, 200), back, fields{"code": {code}}).want(worker, 200)
	ask := askOn.FindStringSubmatch(asked.body)
	if ask == nil {
		n.t.Fatalf("the worker is asked nothing: %.2000s", asked.body)
	}
	worker.fill(asked, back, fields{"code": {code}, "ask": {ask[1]}}, n.plant, nil).want(worker, 200)
	n.write("contact", at+"/decide", fields{"result": {"intelligence"}})
	n.write("contact", at+"/erasure", nil)
	coordinator := n.people["coordinator"]
	coordinator.fill(coordinator.get(at+"/erase").want(coordinator, 200), at+"/keep", nil, n.plant, nil).want(coordinator, 303)
	n.write("contact", at+"/reopen", nil)
	n.write("contact", at+"/assign", fields{"to": {n.accounts["deputy"].String()}})
	n.write("deputy", at+"/assign", fields{"to": {n.accounts["contact"].String()}})
	list := "/programmes/" + n.here.String() + "/concerns"
	c.post(list+"/away", fields{"away": {"yes"}}).want(c, 303)
	c.post(list+"/away", fields{"away": {"no"}}).want(c, 303)
	other, _, _ := n.handIn(nil)
	other.post("/report/"+n.token+"/done", fields{}).want(other, 303)
	return id
}

// newest is the last part of a kind in a case.
func (n *network) newest(id ids.ID, kind referral.PartKind) ids.ID {
	n.t.Helper()
	f, err := n.house.db.Referral().Open(n.t.Context(), testBy, id, "case.read")
	if err != nil {
		n.t.Fatal(err)
	}
	of := f.Of(kind)
	if len(of) == 0 {
		n.t.Fatalf("the case has no %s", kind)
	}
	return of[len(of)-1].ID
}

// keep writes every kind of thing into a case, as its caseworker, partner and those
// around it do.
func (n *network) keep(id ids.ID) {
	n.t.Helper()
	at := "/cases/" + id.String()
	part := func(kind referral.PartKind) string { return at + "/parts/" + n.newest(id, kind).String() }
	own := func(path string, set fields) { n.t.Helper(); n.write("caseworker", at+path, set) }
	for _, kind := range []referral.PartKind{referral.PartTask, referral.PartNeed, referral.PartService, referral.PartPerson, referral.PartRisk, referral.PartPlan, referral.PartNote} {
		own("/new/"+string(kind), nil)
		path := part(kind)
		n.write("caseworker", path, nil)
		own("/new/"+string(kind), nil) // the first holds what was changed, this what was typed at first
	}
	consent := fields{"language": {"sq"}}
	own("/new/consent", fields{"language": {"sq"}, "capacity": {"yes"}})
	own("/new/conference", fields{"time": {"10:30"}, "date-day": {"1"}, "date-month": {"6"}, "date-year": {"2026"}})
	c := n.people["caseworker"]
	c.post(part(referral.PartTask)+"/done", fields{}).want(c, 303)
	n.write("caseworker", part(referral.PartService)+"/course", nil)
	own("/event", nil)
	own("/document", nil)
	charity := fields{"agency": {n.agencies["charity"].String()}, "purpose": {"health"}}
	own("/share", charity) // with words: the partner is asked for help
	n.write("partner", part(referral.PartPartner)+"/course", fields{"state": {"accepted"}})
	n.write("partner", at+"/new/note", nil)
	n.write("partner", at+"/document", nil)
	c.submit(c.get(at+"/share").want(c, 200), at+"/share", fields{"do": {"team"}, "account": {n.accounts["colleague"].String()}}).want(c, 303)
	for _, kind := range referral.RightKinds {
		own("/right", fields{"kind": {kind}, "language": {"en"}})
		path := at + "/right/" + n.newest(id, referral.PartRight).String()
		n.write("caseworker", path, nil)
	}
	own("/withdrawal", consent)
	if m, err := n.house.db.Referral().Matter(n.t.Context(), id); err != nil || m.State == referral.Closed {
		own("/state/reopen", nil)
	}
	own("/state/restrict", nil)
	own("/state/lift", nil)
	own("/state/close", nil)
	own("/state/reopen", nil)
	own("/erasure", nil)
	coordinator := n.people["coordinator"]
	keep := coordinator.get(at+"/erase").want(coordinator, 200)
	coordinator.fill(keep, at+"/keep", nil, n.plant, nil).want(coordinator, 303)
	shared := c.get(at+"/share").want(c, 200)
	for f := range shared.nodes("form") {
		if to := attr(f, "action"); strings.HasSuffix(to, "/end") {
			c.post(to, fields{}).want(c, 303)
			break
		}
	}
}

// around is what others do with cases that are not theirs.
func (n *network) around(id ids.ID) {
	n.t.Helper()
	at, in := "/cases/"+id.String(), "/programmes/"+n.here.String()
	n.write("deputy", at+"/emergency", nil)
	coordinator := n.people["coordinator"]
	list := coordinator.get(in+"/emergencies").want(coordinator, 200)
	for a := range list.nodes("a") {
		if to := attr(a, "href"); strings.Contains(to, at+"/emergencies/") {
			n.write("coordinator", to, nil)
		}
	}
	n.write("coordinator", in+"/hand-over", fields{"from": {n.accounts["caseworker"].String()}, "to": {n.accounts["colleague"].String()}})
	n.write("coordinator", in+"/hand-over", fields{"from": {n.accounts["colleague"].String()}, "to": {n.accounts["caseworker"].String()}})
}

// erase erases a case with the consent of two.
func (n *network) erase(id ids.ID) {
	n.t.Helper()
	at := "/cases/" + id.String()
	n.write("caseworker", at+"/erasure", nil)
	c := n.people["coordinator"]
	c.submit(c.get(at+"/erase").want(c, 200), at+"/erase", fields{"sure": {"yes"}}).want(c, 303)
}

// eraseConcern erases one that was decided, and looks at what is left.
func (n *network) eraseConcern() {
	n.t.Helper()
	id := n.concernOf()
	at, c, coordinator := "/concerns/"+id.String(), n.people["contact"], n.people["coordinator"]
	c.submit(c.get(at).want(c, 200), at+"/take", nil).want(c, 303)
	n.write("contact", at+"/decide", fields{"result": {"no-action"}})
	n.write("contact", at+"/erasure", nil)
	c.get(at).want(c, 200)
	coordinator.submit(coordinator.get(at+"/erase").want(coordinator, 200), at+"/erase", fields{"sure": {"yes"}}).want(coordinator, 303)
	coordinator.get(at+"/proof").want(coordinator, 200)
}

var (
	hrefs  = regexp.MustCompile(`(?i)\b(?:href|action|src|formaction|content)="([^"]*)"`)
	titles = regexp.MustCompile(`(?i)\btitle="([^"]*)"|<title>([^<]*)</title>`)
)

// addresses are what a page leads to and sends to; and, of pages about people who are
// helped, what it is called.
func addresses(p reply) []byte {
	found := hrefs.FindAllString(p.body, -1)
	if !strings.Contains(p.path, "/people") { // pages about colleagues bear their names
		found = append(found, titles.FindAllString(p.body, -1)...)
	}
	return []byte(strings.Join(found, "\n"))
}

// end revokes the link that nobody used.
func (n *network) end() {
	n.t.Helper()
	c := n.people["coordinator"]
	for a := range c.get(root(n.here)).want(c, 200).nodes("a") {
		if to := attr(a, "href"); strings.HasSuffix(to, "/revoke") {
			c.submit(c.get(to).want(c, 200), to, nil).want(c, 303)
			return
		}
	}
	n.t.Error("there is no link to revoke")
}

// answers of a referral that lead through as many questions as there are, with the
// consent of an adult.
var answers = fields{"q-under18": {"no"}, "q-under18-then": {"no"}, "q-consent": {"yes"}, "q-where": {"both"}, "q-still-in": {"no"}, "q-support-wanted": {"yes"}}

// walk answers a referral to its end and makes the package.
func (n *network) walk(v *visitor, at string) {
	n.t.Helper()
	next := v.get(at+"/next").want(v, 303).to()
	for range 120 {
		if next == at+"/check" {
			break
		}
		page := v.get(next).want(v, 200)
		if strings.HasSuffix(next, "/record") {
			next = v.fill(page, next, fields{"capacity": {"yes"}}, n.plant, nil).want(v, 303).to()
			continue
		}
		for range 2 {
			if page.form(next+"/files", nil) != nil {
				v.fill(page, next+"/files", nil, n.plant, n.document).want(v, 303)
				page = v.get(next).want(v, 200)
			}
		}
		if page.form(next+"/remove", nil) != nil {
			v.submit(page, next+"/remove", nil).want(v, 303)
		}
		next = v.fill(page, next, answers, n.plant, nil).want(v, 303).to()
	}
	v.submit(v.get(at+"/check").want(v, 200), at+"/check", nil).want(v, 303)
}

// referral lets a first responder begin a referral from nothing, complete it, take it
// back to change it, and hand it over by hand.
func (n *network) referral() (id ids.ID) {
	n.t.Helper()
	v, begin := n.people["officer"], "/programmes/"+n.here.String()+"/referrals/new"
	at := v.submit(v.get(begin).want(v, 200), begin, nil).want(v, 303).to()
	id, err := ids.Parse(strings.Split(at, "/")[2])
	if err != nil {
		n.t.Fatal(err)
	}
	v.get(at).want(v, 200)
	n.walk(v, at)
	n.write("officer", at+"/thaw", nil)
	v.get(at).want(v, 200)
	v.submit(v.get(at+"/check").want(v, 200), at+"/check", nil).want(v, 303)
	pack := v.get(at+"/package").want(v, 200)
	papers := 0
	for a := range pack.nodes("a") {
		if to := attr(a, "href"); strings.Contains(to, "/papers/") {
			v.get(to).want(v, 200)
			papers++
		}
	}
	if papers < 5 {
		n.t.Errorf("only %d papers", papers)
	}
	n.write("officer", at+"/hand-over", nil)
	return id
}

// nonsense sends words where codes, dates and identifiers belong, in every field that
// was ever seen, to every route as everybody. What comes back in a page is the page's;
// it returns what came beside it.
func (n *network) nonsense(id, concern ids.ID) (beside []string) {
	n.t.Helper()
	names := map[string]bool{}
	for _, p := range n.watch.pages {
		for in := range p.nodes("input") {
			names[attr(in, "name")] = true
		}
	}
	f := fields{}
	for name := range names {
		f[name] = []string{n.plant("nonsense", "text")}
	}
	query := "?" + url.Values{"view": {n.plant("nonsense", "text")}, "after": {n.plant("nonsense", "text")}, "lang": {n.plant("nonsense", "text")},
		"need": {n.plant("nonsense", "text")}, "format": {n.plant("nonsense", "text")}, "to": {"/" + n.plant("nonsense", "text")}, "urgent": {n.plant("nonsense", "text")}}.Encode()
	wild := regexp.MustCompile(`\{[a-z$]+\}`)
	sent := 0
	for _, v := range n.people {
		v.watch = nil
		for _, route := range n.routes {
			method, pattern, _ := strings.Cut(route.Pattern, " ")
			if !ofReferral(pattern) || strings.HasSuffix(pattern, "/news") {
				continue
			}
			matter := id
			if strings.HasPrefix(pattern, "/concerns/") {
				matter = concern
			}
			path := strings.NewReplacer("{programme}", n.here.String(), "{matter}", matter.String(), "{token}", n.token, "{kind}", "need", "{verb}", "close", "{question}", "birthplace", "{step}", "danger").Replace(pattern)
			path = wild.ReplaceAllStringFunc(path, func(string) string { return url.PathEscape(n.plant("nonsense", "file")) })
			got := v.get(path + query)
			if method == http.MethodPost {
				got = v.post(path, f)
			}
			for name, values := range got.Header {
				for _, value := range values {
					beside = append(beside, route.Pattern+" "+name+": "+value)
				}
			}
			sent++
		}
	}
	if sent < 500 || len(f) < 60 {
		n.t.Errorf("only %d requests with %d fields were sent", sent, len(f))
	}
	return beside
}
