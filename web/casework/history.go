package casework

import (
	"bytes"
	"encoding/csv"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"waymark/trust/audit"
	"waymark/web/matter"
	"waymark/web/page"
)

// historyPage is who read and changed a case.
type historyPage struct {
	Reference string
	Table     page.Table
	Back      string
	File      string
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func (a *area) history(r *page.Request) error {
	m := matter.At(r).Matter
	list, err := a.Store.MatterHistory(r.Context(), m.ID)
	if err != nil {
		return err
	}
	if r.URL.Query().Get("format") == "csv" {
		return historyFile(r, list)
	}
	names, err := a.Names(r)
	if err != nil {
		return err
	}
	t := page.Table{Caption: r.Text("casework.history"), Quiet: true,
		Head:  []page.Head{{Text: r.Text("casework.history.when")}, {Text: r.Text("casework.history.who")}, {Text: r.Text("casework.history.what")}},
		Empty: page.Empty{Title: r.Text("casework.history.none")}}
	for i := len(list) - 1; i >= 0; i-- {
		e := list[i]
		who := names[e.Actor.ID]
		if who == "" || e.Actor.Kind != audit.Account {
			who = r.Text("casework.actor." + string(e.Actor.Kind))
		}
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{r.Moment(e.At), {Text: who}, {Text: acted(r, e.Action), Note: detail(e.Detail)}}})
	}
	return r.Render(200, "casework/history", historyPage{m.Reference(), t, page.Path(path(m.ID), "view", "rights"), page.Path(path(m.ID)+"/history", "format", "csv")})
}

// acted is an action in words, or its code where there are none.
func acted(r *page.Request, action string) string {
	if key := "audit.action." + action; r.Words().Has(key) {
		return r.Text(key)
	}
	return action
}

// detail is the facts of an entry, codes alone.
func detail(d map[string]string) string {
	list := make([]string, 0, len(d))
	for _, k := range slices.Sorted(maps.Keys(d)) {
		list = append(list, k+": "+d[k])
	}
	return strings.Join(list, "; ")
}

// historyFile is the history to take away.
func historyFile(r *page.Request, list []audit.Sequenced) error {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write([]string{"number", "at", "actor", "id", "via", "action", "detail"})
	for _, e := range list {
		_ = w.Write([]string{strconv.FormatInt(e.Number, 10), stamp(e.At), string(e.Actor.Kind), e.Actor.ID.String(), e.Actor.Via, e.Action, detail(e.Detail)})
	}
	w.Flush() // a buffer takes everything
	_, _ = r.Download("history.csv", "text/csv; charset=utf-8", int64(b.Len())).Write(b.Bytes())
	return nil
}
