package programme

import (
	"waymark/internal/fault"
	"waymark/monitoring/collection"
	"waymark/web/page"
)

func openRound(r *page.Request) error  { return askState(r, collection.Open, "open") }
func closeRound(r *page.Request) error { return askState(r, collection.Closed, "close") }

func openRoundPost(r *page.Request) error  { return setState(r, collection.Open, "open") }
func closeRoundPost(r *page.Request) error { return setState(r, collection.Closed, "close") }

// askState asks before a round is opened or closed, and says what follows. What is
// not set up yet is named: it does not keep a round from being opened.
func askState(r *page.Request, to collection.RoundState, verb string) error {
	one := *r.Round
	if err := one.Move(to); err != nil {
		return r.Redirect(roundPath(r)) // done already, or deleted: the page says so
	}
	key := "programme.round." + verb
	lines := []string{r.Text(key+".what", "name", r.Round.Name), r.Text(key + ".phones")}
	if to == collection.Open {
		list, err := steps(r)
		if err != nil {
			return err
		}
		for _, s := range list {
			if !s.Done {
				lines = append(lines, r.Text("programme.round.open.missing", "what", s.Title, "text", s.Text))
			}
		}
	}
	return r.Confirm(page.Confirm{Title: r.Text(key), Lines: lines, Action: roundPath(r) + "/" + verb,
		Button: r.Text(key), Cancel: roundPath(r), Hidden: map[string]string{"etag": etagText(r.Round.Etag)}})
}

func setState(r *page.Request, to collection.RoundState, verb string) error {
	f, err := r.ReadForm(roundWords)
	if err != nil {
		return err
	}
	one := *r.Round
	if one.State == to {
		return r.Redirect(roundPath(r)) // another person did the same
	}
	one.Etag = f.Etag()
	if err := one.Move(to); err != nil {
		return err
	}
	err = r.House.Collection.PutRound(r.Context(), r.By, &one)
	if err != nil && fault.KindOf(err) == fault.Conflict {
		// It was changed since the question was asked: it is asked again.
		r.Flash("programme.round.again")
		return r.Redirect(roundPath(r) + "/" + verb)
	}
	if err != nil {
		return err
	}
	r.Flash("programme.round." + verb + ".done")
	return r.Redirect(roundPath(r))
}
