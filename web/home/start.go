package home

import (
	"waymark/monitoring/collection"
	"waymark/trust/access"
	"waymark/web/page"
)

// Limits of the start page, so that it stays short and quick.
const (
	mostProgrammes = 50
	mostRounds     = 6 // of a programme; the newest
)

// view is what the start page shows.
type view struct {
	Waiting    []page.Link
	Programmes []programme
	// Tasks are for those who run the system.
	Tasks []page.Link
	// Empty is set where one sees no programme.
	Empty *page.Empty
}

type programme struct {
	*collection.Programme
	Href   string
	Rounds []round
	// More says that there are more rounds than are shown.
	More bool
	// None is what to do in a programme without rounds.
	None string
}

type round struct {
	*collection.Round
	Href  string
	State page.Tag
	// Counts are by state, in the order of states; nil if one may not see them.
	Counts []count
	Total  int
}

type count struct {
	State collection.State
	N     int
}

// start shows what one may see and what waits.
func start(r *page.Request) error {
	all, err := r.House.Collection.ListProgrammes(r.Context())
	if err != nil {
		return err
	}
	var v view
	for _, p := range all {
		in := access.Resource{Programme: p.ID, Demo: p.Demo}
		if len(v.Programmes) == mostProgrammes {
			break
		}
		v.network(r, p, in)
		if !r.MayOn(access.ProgrammeView, in) {
			// An auditor of one programme sees nothing of it but its log.
			if r.MayOn(access.AuditRead, in) && !r.MayOn(access.AuditRead, access.Resource{}) {
				v.Tasks = append(v.Tasks, page.Link{Text: r.Text("home.task.audit-of", "programme", p.Name),
					Href: page.Path("/programmes/{programme}/audit", "programme", p.ID)})
			}
			continue
		}
		shown := programme{Programme: p, Href: page.Path("/programmes/{programme}", "programme", p.ID)}
		if r.MayOn(access.RoundView, in) {
			if err := shown.fill(r, &v, in); err != nil {
				return err
			}
		}
		v.Programmes = append(v.Programmes, shown)
	}
	v.tasks(r)
	return r.Render(200, "home/start", v)
}

// network adds what a person of a network works with there. Coordinators find their
// way from the programme.
func (v *view) network(r *page.Request, p *collection.Programme, in access.Resource) {
	for _, t := range []struct {
		action    access.Action
		key, path string
	}{
		{access.ConcernList, "home.task.concerns-of", "/programmes/{programme}/concerns"},
		{access.CaseList, "home.task.cases-of", "/programmes/{programme}/cases"},
	} {
		if r.MayOn(t.action, in) && !r.MayOn(access.ProgrammeView, in) {
			v.Tasks = append(v.Tasks, page.Link{Text: r.Text(t.key, "programme", p.Name), Href: page.Path(t.path, "programme", p.ID)})
		}
	}
}

// fill adds the rounds of a programme, newest first, and what waits in those that are
// open.
func (p *programme) fill(r *page.Request, v *view, in access.Resource) error {
	rounds, err := r.House.Collection.ListRounds(r.Context(), p.ID)
	if err != nil {
		return err
	}
	if len(rounds) == 0 && r.MayOn(access.RoundSet, in) {
		p.None = page.Path("/programmes/{programme}/rounds/new", "programme", p.ID)
	}
	for i := len(rounds) - 1; i >= 0; i-- {
		if len(p.Rounds) == mostRounds {
			p.More = true
			break
		}
		rd := rounds[i]
		shown := round{Round: rd, Href: page.Path("/rounds/{round}", "round", rd.ID),
			State: page.Tag{Text: r.Text("home.round." + string(rd.State)), Colour: page.StateColour(string(rd.State))}}
		if rd.State == collection.Open && r.MayOn(access.ProgressView, in) {
			if err := shown.count(r); err != nil {
				return err
			}
			if r.MayOn(access.SubmissionReview, in) {
				v.wait(r, &shown)
			}
		}
		p.Rounds = append(p.Rounds, shown)
	}
	return nil
}

// count sums the round's submissions by state.
func (rd *round) count(r *page.Request) error {
	tallies, err := r.House.Collection.Tallies(r.Context(), rd.ID)
	if err != nil {
		return err
	}
	by := map[collection.State]int{}
	for _, t := range tallies {
		by[t.State] += t.Count
		rd.Total += t.Count
	}
	for _, s := range collection.States {
		rd.Counts = append(rd.Counts, count{State: s, N: by[s]})
	}
	return nil
}

// wait adds what a reviewer would look at first: those with issues, then the new.
func (v *view) wait(r *page.Request, rd *round) {
	for _, s := range []collection.State{collection.HasIssues, collection.Received} {
		for _, c := range rd.Counts {
			if c.State == s && c.N > 0 {
				v.Waiting = append(v.Waiting, page.Link{
					Text: r.Text("home.wait."+string(s), "n", c.N, "round", rd.Name),
					Href: page.Path("/rounds/{round}/submissions", "round", rd.ID, "state", string(s))})
			}
		}
	}
}

// tasks fills what those who run the system do, and what to do where there is
// nothing to see.
func (v *view) tasks(r *page.Request) {
	add := func(a access.Action, key, href string) {
		if r.MayOn(a, access.Resource{}) {
			v.Tasks = append(v.Tasks, page.Link{Text: r.Text(key), Href: href})
		}
	}
	add(access.ProgrammeAdd, "home.task.programme", "/programmes/new")
	add(access.PeopleSet, "home.task.people", "/people")
	add(access.SystemView, "home.task.system", "/system")
	add(access.AuditRead, "home.task.audit", "/audit")
	if len(v.Programmes) > 0 || len(v.Tasks) > 0 && !r.MayOn(access.ProgrammeAdd, access.Resource{}) {
		return
	}
	v.Empty = &page.Empty{Title: r.Text("home.empty.title"), Text: r.Text("home.empty.text")}
	if r.MayOn(access.ProgrammeAdd, access.Resource{}) {
		v.Empty.Text = r.Text("home.empty.first")
		v.Empty.Actions = []page.Link{{Text: r.Text("home.task.programme"), Href: "/programmes/new"}}
	}
}
