package programme

import (
	"context"
	"encoding/csv"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/monitoring/collection/collectiontest"
	"waymark/trust/access"
	"waymark/trust/audit"
	"waymark/web/page"
	"waymark/web/page/pagetest"
)

var nobody = audit.Actor{Kind: audit.System, Via: "command"}

// world is a programme with a round, two routes and two points.
type world struct {
	*collectiontest.Store
	client    *pagetest.Client
	programme *collection.Programme
	round     *collection.Round
	points    []*collection.Point
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{Store: collectiontest.New()}
	ctx := context.Background()
	w.programme = &collection.Programme{Name: "Synthetic programme", About: "Line one\nline two"}
	must(t, w.PutProgramme(ctx, nobody, w.programme))
	w.round = &collection.Round{Programme: w.programme.ID, Name: "Autumn 2016", Instrument: "fms-2016", From: "2016-10-06", To: "2016-11-11",
		State: collection.Preparing, Routes: []collection.Route{{Code: "CMR", Name: "Central route"}, {Code: "EMR", Name: "Eastern route"}}}
	must(t, w.PutRound(ctx, nobody, w.round))
	lat, lon := 36.7281, 14.8493
	w.points = []*collection.Point{
		{Round: w.round.ID, Code: "P01", Name: "Harbour", Route: "CMR", Lat: &lat, Lon: &lon},
		{Round: w.round.ID, Code: "P02", Name: "Station"}}
	must(t, w.PutPoints(ctx, nobody, w.round.ID, w.points))
	w.client = pagetest.New(t, house(w.Store), pagetest.Somebody(w.programme.ID, access.Coordinator), Area(house(w.Store)))
	return w
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) at(path string, more ...any) string {
	return page.Path("/rounds/{round}"+path, append([]any{"round", w.round.ID}, more...)...)
}

// stored is the round as the store has it.
func (w *world) stored(t *testing.T) *collection.Round {
	t.Helper()
	r, err := w.Round(context.Background(), w.round.ID)
	must(t, err)
	return r
}

func TestEmptySiteSaysWhatToDoNext(t *testing.T) {
	s := collectiontest.New()
	c := pagetest.New(t, house(s), pagetest.Somebody(1, access.Administrator), Area(house(s)))
	c.Get("/programmes").Want(t, 200, "No programme yet", `href="/programmes/new"`)
	may := house(s)
	may.Policies = pagetest.Only{access.Home: true}
	c = pagetest.New(t, may, pagetest.Somebody(1, access.Reviewer), Area(may))
	if a := c.Get("/programmes").Want(t, 200, "You have no role in one"); strings.Contains(a.Body, "/programmes/new") {
		t.Error("who may not add a programme is offered it")
	}
}

func TestProgrammeIsAddedAndChanged(t *testing.T) {
	s := collectiontest.New()
	c := pagetest.New(t, house(s), pagetest.Somebody(1, access.Administrator), Area(house(s)))
	c.Get("/programmes/new").Want(t, 200, "Name of the programme")
	c.Post("/programmes/new", url.Values{"about": {"kept as typed"}}).Want(t, 422, "Name of the programme: this must be filled in", `href="#f-name"`, "kept as typed")
	a := c.Post("/programmes/new", url.Values{"name": {"  Central   route "}, "about": {"a\r\nb"}})
	if a.Code != 303 {
		t.Fatalf("%d %s", a.Code, a.Body)
	}
	c.Get(a.Location()).Want(t, 200, "The programme was added.", "Central route", "No round yet", "a\nb")
	c.Get("/programmes").Want(t, 200, "Central route", "Add a programme")
	c.Get(a.Location()+"/change").Want(t, 200, `value="Central route"`, `name="etag" value="1"`)
	if b := c.Post(a.Location()+"/change", url.Values{"etag": {"1"}, "name": {"Central route 2"}}); b.Code != 303 {
		t.Fatalf("%d %s", b.Code, b.Body)
	}
	// Somebody who still has the old page.
	c.Post(a.Location()+"/change", url.Values{"etag": {"1"}, "name": {"Mine"}}).
		Want(t, 409, "Someone else changed this", "Central route 2", `value="Mine"`, `name="etag" value="2"`)
	if b := c.Post(a.Location()+"/change", url.Values{"etag": {"2"}, "name": {"Mine"}}); b.Code != 303 {
		t.Fatalf("%d %s", b.Code, b.Body)
	}
}

func TestRoundIsAddedWithRoutes(t *testing.T) {
	w := newWorld(t)
	at := page.Path("/programmes/{programme}/rounds/new", "programme", w.programme.ID)
	w.client.Get(at).Want(t, 200, "Flow monitoring survey, 2017 form", "Our own questionnaire", "Code of route 2")
	w.client.Post(at, url.Values{"do": {"rows"}, "route.code-1": {"A"}, "route.code-2": {"B"}}).Want(t, 200, "Code of route 4", `value="B"`)
	w.client.Post(at, url.Values{"from-day": {"6"}, "from-month": {"10"}, "from-year": {"2016"}, "to": {"2016-10-01"}, "route.code-2": {"a b"}}).Want(t, 422,
		"Name of the round: this must be filled in", "Questionnaire: choose from what is offered",
		"Last day of interviews: the last day is before the first",
		"Row 1, Code of the route: a code holds", "Row 1, Name of the route: this must be filled in", `href="#f-route.code-1"`, `value="a b"`)
	a := w.client.Post(at, url.Values{"name": {"Winter"}, "instrument": {"none"}, "route.code-2": {"CMR"}, "route.name-2": {"Central"}})
	if a.Code != 303 {
		t.Fatalf("%d %s", a.Code, a.Body)
	}
	w.client.Get(a.Location()).Want(t, 200, "Winter", "Being prepared", "CMR – Central", "Our own questionnaire", "To do")
	w.client.Get(page.Path("/programmes/{programme}", "programme", w.programme.ID)).Want(t, 200, "Winter", "Autumn 2016", "6 October 2016")
}

func TestRoundKeepsRoutesThatPointsUse(t *testing.T) {
	w := newWorld(t)
	w.client.Post(w.at("/change"), url.Values{"etag": {"1"}, "name": {"x"}, "instrument": {"none"}}).Want(t, 422, "points lie on the route CMR")
}

func TestRoundChangeMeetsAnother(t *testing.T) {
	w := newWorld(t)
	now := w.stored(t)
	now.Name, now.Routes[1].Name = "Renamed meanwhile", "East"
	must(t, w.PutRound(context.Background(), nobody, now))
	mine := url.Values{"etag": {"1"}, "name": {"Mine"}, "instrument": {"fms-2016"}, "from": {"2016-10-06"}, "to": {"2016-11-11"},
		"route.code-1": {"CMR"}, "route.name-1": {"Central route"}, "route.code-2": {"EMR"}, "route.name-2": {"Eastern route"}}
	w.client.Post(w.at("/change"), mine).Want(t, 409, "Someone else changed this", "Renamed meanwhile", `value="Mine"`, "EMR – East", `name="etag" value="2"`)
	if w.stored(t).Name != "Renamed meanwhile" {
		t.Error("the other's change was overwritten")
	}
	mine.Set("etag", "2")
	if a := w.client.Post(w.at("/change"), mine); a.Code != 303 || w.stored(t).Name != "Mine" {
		t.Errorf("%d %s", a.Code, a.Body)
	}
}

func TestRoundOpensAndCloses(t *testing.T) {
	w := newWorld(t)
	w.client.Get(w.at("/open")).Want(t, 200, "will take interviews", "Not set up yet: Forms", "Not set up yet: Enumerators")
	if a := w.client.Get(w.at("/close")); a.Code != 303 {
		t.Errorf("a round that is not open asks to be closed: %d", a.Code)
	}
	if a := w.client.Post(w.at("/close"), url.Values{"etag": {"1"}}); a.Code != 409 {
		t.Errorf("closed from %s: %d", w.stored(t).State, a.Code)
	}
	if a := w.client.Post(w.at("/open"), url.Values{"etag": {"1"}}); a.Code != 303 || w.stored(t).State != collection.Open {
		t.Fatalf("%d, %s", a.Code, w.stored(t).State)
	}
	w.client.Get(w.at("")).Want(t, 200, "The round is open.", "Close the round")
	if a := w.client.Post(w.at("/close"), url.Values{"etag": {"1"}}); a.Code != 303 || a.Location() != w.at("/close") || w.stored(t).State != collection.Open {
		t.Fatalf("an old page closed the round: %d to %s", a.Code, a.Location())
	}
	w.client.Get(w.at("/close")).Want(t, 200, "changed meanwhile", "no more interviews")
	if a := w.client.Post(w.at("/close"), url.Values{"etag": {"2"}}); a.Code != 303 || w.stored(t).State != collection.Closed {
		t.Fatalf("%d, %s", a.Code, w.stored(t).State)
	}
}

func TestPoints(t *testing.T) {
	w := newWorld(t)
	w.client.Get(w.at("/points")).Want(t, 200, "P01", "Harbour", "Central route", "36.7281, 14.8493")
	w.client.Get(w.at("/points/new")).Want(t, 200, "EMR – Eastern route")
	w.client.Post(w.at("/points/new"), url.Values{"code": {"P01"}, "route": {"WBR"}, "lat": {"95"}}).Want(t, 422,
		"Code: another one has this code", "Name: this must be filled in", "Route: the round has no route", "Latitude: write a latitude", "Longitude: fill in both")
	w.client.Post(w.at("/points/new"), url.Values{"code": {"P03"}, "name": {"x"}, "lat": {"north"}}).Want(t, 422, "Latitude: write a number", `value="north"`)
	if a := w.client.Post(w.at("/points/new"), url.Values{"code": {"P03"}, "name": {"Market"}, "lat": {"36,5"}, "lon": {"-5.25"}}); a.Code != 303 {
		t.Fatalf("%d %s", a.Code, a.Body)
	}
	w.client.Get(w.at("/points")).Want(t, 200, "Point P03 was saved.", "36.5, -5.25")
	change := w.at("/points/{point}/change", "point", w.points[1].ID)
	w.client.Get(change).Want(t, 200, `value="Station"`)
	if a := w.client.Post(change, url.Values{"etag": {"1"}, "code": {"P02"}, "name": {"Bus station"}}); a.Code != 303 {
		t.Fatalf("%d %s", a.Code, a.Body)
	}
	w.client.Post(change, url.Values{"etag": {"1"}, "code": {"P02"}, "name": {"Mine"}}).Want(t, 409, "Bus station", `value="Mine"`, `name="etag" value="2"`)
	remove := w.at("/points/{point}/remove", "point", w.points[1].ID)
	w.client.Get(remove).Want(t, 200, "Remove point P02?")
	if a := w.client.Post(remove, nil); a.Code != 303 {
		t.Fatalf("%d %s", a.Code, a.Body)
	}
	w.client.Get(remove).Want(t, 404)
}

func TestPointOfAnotherRoundIsNotFound(t *testing.T) {
	w := newWorld(t)
	other := &collection.Round{Programme: w.programme.ID, Name: "Other"}
	must(t, w.PutRound(context.Background(), nobody, other))
	for _, path := range []string{"/points/{point}/change", "/points/{point}/remove"} {
		at := page.Path("/rounds/{round}"+path, "round", other.ID, "point", w.points[0].ID)
		w.client.Get(at).Want(t, 404)
		if a := w.client.Post(at, url.Values{"code": {"P01"}, "name": {"x"}, "etag": {"1"}}); a.Code != 404 {
			t.Errorf("%s: %d", path, a.Code)
		}
	}
}

func TestPointList(t *testing.T) {
	w := newWorld(t)
	w.client.Get(w.at("/points/list")).Want(t, 200, "code,name,route,lat,lon")
	w.client.Upload(w.at("/points/list"), url.Values{"list": {"P03,Market,WBR,1\n,nameless"}}, nil).Want(t, 422,
		"The list has 3 problems", "no route with this code", "Fill in both latitude", "This must be filled in", "P03,Market,WBR,1")
	w.client.Upload(w.at("/points/list"), url.Values{"list": {""}}, nil).Want(t, 422, "The list is empty")
	w.client.Upload(w.at("/points/list"), nil, map[string]page.Upload{"file": {Name: "points.exe", Bytes: []byte("P03,x")}}).Want(t, 422, "must end in")
	w.client.Upload(w.at("/points/list"), nil, map[string]page.Upload{"file": {Name: "points.csv", Bytes: []byte("\xEF\xBB\xBFcode;name\nP 3;x")}}).
		Want(t, 422, "A code holds", "\ncode;name\nP 3;x</textarea>")
	a := w.client.Upload(w.at("/points/list"), nil, map[string]page.Upload{"file": {Name: "points.csv", Bytes: []byte("code;name;lat;lon\nP02;Station;36,5;10,1\nP01;Harbour;36,7281;14,8493\nP03;Market;;\n")}})
	if a.Code != 303 {
		t.Fatalf("%d %s", a.Code, a.Body)
	}
	w.client.Get(a.Location()).Want(t, 200, "Added: 1. Changed: 1. The same as before: 1.", "36.5, 10.1")
	csv := w.client.Get(w.at("/points/csv")).Want(t, 200, "code,name,route,lat,lon\nP01,Harbour,CMR,36.7281,14.8493\n")
	if again := w.client.Upload(w.at("/points/list"), nil, map[string]page.Upload{"file": {Name: "points.csv", Bytes: []byte(csv.Body)}}); again.Code != 303 {
		t.Fatalf("what is downloaded cannot be read back: %s", again.Body)
	}
	w.client.Get(w.at("/points")).Want(t, 200, "The same as before: 3.")
}

// TestPointFileHoldsNoFormula: a spreadsheet that opens the list runs nothing, and
// what it saves reads back as the same points.
func TestPointFileHoldsNoFormula(t *testing.T) {
	for _, name := range []string{`=HYPERLINK("http://example.org","x")`, "+1", "-1+1", "@SUM(A1)"} {
		w := newWorld(t)
		w.points[0].Name = name
		must(t, w.PutPoint(context.Background(), nobody, w.points[0]))
		file := w.client.Get(w.at("/points/csv")).Want(t, 200)
		cells, err := csv.NewReader(strings.NewReader(file.Body)).ReadAll()
		must(t, err)
		for _, row := range cells[1:] {
			for i, cell := range row {
				if i < 3 && cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
					t.Errorf("a spreadsheet would run %q", cell)
				}
			}
		}
		w.client.Upload(w.at("/points/list"), nil, map[string]page.Upload{"file": {Name: "points.csv", Bytes: []byte(file.Body)}})
		w.client.Get(w.at("/points")).Want(t, 200, "The same as before: 2.")
	}
}

func TestManyPointsComeInPages(t *testing.T) {
	w := newWorld(t)
	var list strings.Builder
	for i := range pointsOnPage + 5 {
		fmt.Fprintf(&list, "Q%03d,Place %d\n", i, i)
	}
	if a := w.client.Upload(w.at("/points/list"), url.Values{"list": {list.String()}}, nil); a.Code != 303 {
		t.Fatalf("%d %s", a.Code, a.Body)
	}
	first := w.client.Get(w.at("/points")).Want(t, 200, "P01", "page=2")
	if strings.Contains(first.Body, "Q204") {
		t.Error("the first page has all points")
	}
	w.client.Get(w.at("/points")+"?page=2").Want(t, 200, "Q204", "page=1")
	w.client.Get(w.at("/points")+"?page=99").Want(t, 200, "P01")
}

func TestPointMap(t *testing.T) {
	w := newWorld(t)
	w.client.Get(w.at("/points/map")).Want(t, 200, "<svg", "P01, Harbour: Central route", "Not on the map", "P02 Station", "official endorsement")
	empty := &collection.Round{Programme: w.programme.ID, Name: "Other"}
	must(t, w.PutRound(context.Background(), nobody, empty))
	w.client.Get(page.Path("/rounds/{round}/points/map", "round", empty.ID)).Want(t, 200, "No point has a position")
	w.client.Get(page.Path("/rounds/{round}/points", "round", empty.ID)).Want(t, 200, "No point yet", "/points/list")
	w.client.Get(page.Path("/rounds/{round}/targets", "round", empty.ID)).Want(t, 200, "Points come first")
}

func TestTargets(t *testing.T) {
	w := newWorld(t)
	w.client.Get(w.at("/targets")).Want(t, 200, "No targets yet", "/targets/change")
	w.client.Get(w.at("/targets/change")).Want(t, 200, "Make weeks of the round", `name="etag" value="1"`)
	w.client.Post(w.at("/targets/change"), url.Values{"do": {"weeks"}, "etag": {"1"}}).Want(t, 200, `value="Week 6"`, `value="2016-11-10"`, `value="2016-11-11"`)
	w.client.Post(w.at("/targets/change"), url.Values{"etag": {"1"}, "name-2": {"First"}, "from-2": {"2016-10-01"}, "to-2": {"x"}}).Want(t, 422,
		"Row 1, Last day: write a day of the calendar", `href="#f-to-1"`, `value="First"`)
	a := w.client.Post(w.at("/targets/change"), url.Values{"etag": {"1"}, "name-1": {"October"}, "from-1": {"2016-10-06"}, "to-1": {"2016-10-31"}})
	if a.Code != 303 || a.Location() != w.at("/targets/change") {
		t.Fatalf("%d to %s: %s", a.Code, a.Location(), a.Body)
	}
	periods, err := w.ListPeriods(context.Background(), w.round.ID)
	must(t, err)
	id := periods[0].ID
	cell := func(p *collection.Point) string { return collection.TargetField(p.ID, id) }
	fields := url.Values{"etag": {"2"}, "id-1": {id.String()}, "name-1": {"October"}, "from-1": {"2016-10-06"}, "to-1": {"2016-10-31"},
		"every." + id.String(): {"40"}, cell(w.points[0]): {"many"}, cell(w.points[1]): {""}}
	w.client.Get(w.at("/targets/change")).Want(t, 200, cell(w.points[0]), "Target of P01, October")
	w.client.Post(w.at("/targets/change"), fields).Want(t, 422, "P01 Write a whole number from 0 to", `value="many"`)
	fields.Set(cell(w.points[0]), "120")
	if a = w.client.Post(w.at("/targets/change"), fields); a.Code != 303 || a.Location() != w.at("/targets") {
		t.Fatalf("%d to %s: %s", a.Code, a.Location(), a.Body)
	}
	w.client.Get(w.at("/targets")).Want(t, 200, "120", "40", "160", "All points")
	// Somebody who still has the old page.
	fields.Set(cell(w.points[0]), "77")
	w.client.Post(w.at("/targets/change"), fields).Want(t, 409, "P01, October", "120", `value="77"`, `name="etag" value="3"`)
	fields.Set("etag", "3")
	fields.Set("name-1", "")
	fields.Set("from-1", "")
	fields.Set("to-1", "")
	if a = w.client.Post(w.at("/targets/change"), fields); a.Code != 303 {
		t.Fatalf("%d: %s", a.Code, a.Body)
	}
	w.client.Get(w.at("/targets")).Want(t, 200, "No targets yet")
}

// TestForgedPeriodIsRefused: a period's number from another round names nothing.
func TestForgedPeriodIsRefused(t *testing.T) {
	w := newWorld(t)
	a := w.client.Post(w.at("/targets/change"), url.Values{"etag": {"1"}, "id-1": {ids.ID(77).String()}, "name-1": {"October"}, "from-1": {"2016-10-06"}, "to-1": {"2016-10-31"},
		collection.TargetField(99, 77): {"5"}})
	if a.Code != 303 {
		t.Fatalf("%d %s", a.Code, a.Body)
	}
	periods, err := w.ListPeriods(context.Background(), w.round.ID)
	must(t, err)
	if len(periods) != 1 || periods[0].ID == 77 {
		t.Errorf("%+v", periods[0])
	}
	targets, err := w.ListTargets(context.Background(), w.round.ID)
	must(t, err)
	if len(targets) != 0 {
		t.Errorf("a target of a point that the round does not have: %+v", targets)
	}
}

func TestRetentionWarns(t *testing.T) {
	w := newWorld(t)
	r := w.stored(t)
	r.Retain = "2026-03-20" // the tests' today is 2 March 2026
	must(t, w.PutRound(context.Background(), nobody, r))
	w.client.Get(w.at("")).Want(t, 200, "kept until 20 March 2026, for 18 more days")
	w.client.Get(page.Path("/programmes/{programme}", "programme", w.programme.ID)).Want(t, 200, "Deletion due in 18 days")
	r.Retain = "2026-03-01"
	must(t, w.PutRound(context.Background(), nobody, r))
	w.client.Get(w.at("")).Want(t, 200, "must be deleted now")
	r.State = collection.Deleted
	must(t, w.PutRound(context.Background(), nobody, r))
	if a := w.client.Get(w.at("")).Want(t, 200, "The answers of this round were deleted"); strings.Contains(a.Body, "/change") {
		t.Error("a deleted round offers to be changed")
	}
}

// hostile texts: for SQL, templates, HTML, attributes, scripts and spreadsheets.
var hostile = []string{`'; DROP TABLE point;--`, `{{.House.Secret}}`, `<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `=cmd|' /C calc'!A0`, `</textarea><b>`, `</svg><script>x</script>`}

// TestTextsAreEscaped: whatever is typed comes back as text, on every page.
func TestTextsAreEscaped(t *testing.T) {
	for _, bad := range hostile {
		w := newWorld(t)
		ctx := context.Background()
		w.programme.Name, w.programme.About = bad, bad
		must(t, w.PutProgramme(ctx, nobody, w.programme))
		w.round.Name, w.round.Routes[0].Name = bad, bad
		must(t, w.PutRound(ctx, nobody, w.round))
		w.points[0].Name = bad
		w.points[0].Code = bad // as if it were in the database
		must(t, w.PutPoint(ctx, nobody, w.points[0]))
		must(t, w.SetTargets(ctx, nobody, w.round.ID, 2, []*collection.Period{{ID: 7, Name: bad, From: "2016-10-06", To: "2016-10-07"}}, nil))
		programme := page.Path("/programmes/{programme}", "programme", w.programme.ID)
		for _, path := range []string{"/programmes", programme, programme + "/change", w.at(""), w.at("/change"), w.at("/open"), w.at("/points"), w.at("/points/map"),
			w.at("/points/new"), w.at("/points/{point}/change", "point", w.points[0].ID), w.at("/points/{point}/remove", "point", w.points[0].ID), w.at("/targets"), w.at("/targets/change")} {
			safe(t, path, bad, w.client.Get(path))
		}
		for path, fields := range map[string]url.Values{
			"/programmes/new":       {"name": {strings.Repeat(bad, 40)}, "about": {bad}},
			programme + "/change":   {"name": {bad}, "about": {bad}, "etag": {bad}},
			w.at("/change"):         {"name": {bad}, "route.code-1": {bad}, "route.name-1": {bad}, "instrument": {bad}, "from": {bad}},
			w.at("/points/new"):     {"code": {bad}, "name": {bad}, "route": {bad}, "lat": {bad}},
			w.at("/targets/change"): {"etag": {"3"}, "id-1": {bad}, "name-1": {bad}, "from-1": {bad}, "to-1": {bad}, "every." + ids.ID(7).String(): {bad}},
		} {
			safe(t, path, bad, w.client.Post(path, fields))
		}
		safe(t, "list", bad, w.client.Upload(w.at("/points/list"), url.Values{"list": {"code,name,route\n" + bad + "," + bad + "," + bad}}, nil))
	}
}

func safe(t *testing.T, path, bad string, a *pagetest.Answer) {
	t.Helper()
	if a.Code >= 500 {
		t.Errorf("%s with %q: %d", path, bad, a.Code)
	}
	if strings.ContainsAny(bad, "<>") && strings.Contains(a.Body, bad) {
		t.Errorf("%s shows %q unescaped", path, bad)
	}
	for _, never := range []string{"<script>alert", "<img src=x", "<script>x", "kkkkkkkk"} {
		if strings.Contains(a.Body, never) {
			t.Errorf("%s with %q holds %q", path, bad, never)
		}
	}
}
