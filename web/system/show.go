package system

import (
	"time"

	"waymark/trust/access"
	"waymark/web/page"
)

// view is what the page shows.
type view struct {
	Concerns []concern
	Summary  page.Summary
	Jobs     []jobRow
	Keys     page.Table
	MayAsk   bool
}

// jobRow is a job with how it stands.
type jobRow struct {
	Name, Text, Every string
	Last, Next        page.Time
	State             page.Tag
}

// show shows how the system is.
func (a *area) show(r *page.Request) error {
	s, err := a.source.State(r.Context())
	if err != nil {
		return err
	}
	now := r.House.Now()
	v := view{Concerns: concerns(r, s, now), Summary: summary(r, s), MayAsk: r.May(access.SystemSet)}
	for _, j := range s.Jobs {
		row := jobRow{Name: j.Name, Text: jobText(r, j.Name), Every: r.Text("system.asked"),
			Last: r.Moment(j.Last).Time, Next: r.Moment(j.Next).Time,
			State: page.Tag{Text: r.Text("system.job-state.good"), Colour: "green"}}
		if j.Every > 0 {
			row.Every = every(r, j.Every)
		}
		switch {
		case j.Failures > 0:
			row.State = page.Tag{Text: r.Text("system.job-state.failing"), Colour: "red"}
		case j.Last.IsZero():
			row.State = page.Tag{Text: r.Text("system.job-state.new"), Colour: "grey"}
		}
		v.Jobs = append(v.Jobs, row)
	}
	v.Keys = page.Table{Caption: r.Text("system.keys"), Head: []page.Head{{Text: r.Text("system.head.scope")}, {Text: r.Text("system.head.state")}, {Text: r.Text("system.head.made")}},
		Empty: page.Empty{Title: r.Text("system.keys.none")}}
	colours := map[KeyState]string{KeyGood: "green", KeyDestroyed: "grey", KeyMissing: "red"}
	for _, k := range s.Keys {
		v.Keys.Rows = append(v.Keys.Rows, page.Row{Cells: []page.Cell{{Text: k.Scope},
			{Tags: []page.Tag{{Text: r.Text("system.key-state." + string(k.State)), Colour: colours[k.State]}}}, r.Moment(k.Made)}})
	}
	return r.Render(200, "system/show", v)
}

// summary lists what the system is made of.
func summary(r *page.Request, s *State) page.Summary {
	var rows []page.SummaryRow
	add := func(key string, c page.Cell) {
		rows = append(rows, page.SummaryRow{Key: r.Text("system.row." + key), Value: c})
	}
	size := func(n int64) string {
		if n < 0 {
			return r.Text("system.unknown")
		}
		return r.Words().Bytes(n)
	}
	add("version", page.Cell{Text: s.Version, Note: s.Build})
	add("started", r.Moment(s.Started))
	add("engine", page.Cell{Text: s.Engine, Note: r.Text("system.schema", "n", int(s.Schema))})
	add("database", page.Cell{Text: size(s.Database)})
	files := page.Cell{Text: size(s.Files)}
	if s.Store != "" {
		files.Note = r.Text("system.store." + s.Store)
	}
	add("files", files)
	if s.Total > 0 {
		add("disk", page.Cell{Text: r.Text("system.free", "free", size(s.Free), "total", size(s.Total)),
			Note: r.Text("system.free.share", "share", r.Words().Percent(float64(s.Free)/float64(s.Total), 0))})
	}
	add("unchecked", page.Cell{Text: r.Words().Whole(s.Unchecked)})
	add("audit", page.Cell{Text: r.Text("system.entries", "n", int(s.Entries)), Note: r.Text("system.signed", "when", momentOr(r, s.Signed))})
	backup := page.Cell{Text: momentOr(r, s.Backup)}
	if !s.Backup.IsZero() {
		backup.Note = size(s.BackupSize)
	}
	add("backup", backup)
	return page.Summary{Rows: rows}
}

func momentOr(r *page.Request, t time.Time) string {
	if t.IsZero() {
		return r.Text("system.never")
	}
	return r.Words().Moment(t)
}

// every says how often, in the greatest unit that fits.
func every(r *page.Request, d time.Duration) string {
	switch {
	case d >= 24*time.Hour:
		return r.Text("system.every.days", "n", int(d/(24*time.Hour)))
	case d >= time.Hour:
		return r.Text("system.every.hours", "n", int(d/time.Hour))
	case d >= time.Minute:
		return r.Text("system.every.minutes", "n", int(d/time.Minute))
	}
	return r.Text("system.every.seconds", "n", int(d/time.Second))
}

// ask puts a job into the queue.
func (a *area) ask(r *page.Request) error {
	s, err := a.source.State(r.Context())
	if err != nil {
		return err
	}
	name := r.PathValue("job")
	for _, j := range s.Jobs {
		if j.Name == name {
			if err := a.source.Ask(r.Context(), name); err != nil {
				return err
			}
			r.Flash("system.job-asked")
			return r.Redirect("/system")
		}
	}
	return page.NotFound()
}
