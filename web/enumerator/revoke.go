package enumerator

import (
	"waymark/monitoring/collection"
	"waymark/web/page"
)

// revoke asks before a person's phone is shut out.
func revoke(r *page.Request) error {
	e, err := find(r)
	if err != nil {
		return err
	}
	if e.Phone() == collection.PhoneRevoked {
		return r.Redirect(pathOf(e))
	}
	r.Crumb(r.Text("enumerator.title"), rootPath(r))
	return r.Confirm(page.Confirm{Title: r.Text("enumerator.revoke", "code", e.Code),
		Lines:  []string{r.Text("enumerator.revoke.now"), r.Text("enumerator.revoke.unsent"), r.Text("enumerator.revoke.kept")},
		Action: pathOf(e) + "/revoke", Button: r.Text("enumerator.revoke.button"), Dangerous: true, Cancel: pathOf(e)})
}

func revokePost(r *page.Request) error {
	e, err := find(r)
	if err != nil {
		return err
	}
	if err := r.House.Collection.RevokeEnumerator(r.Context(), r.By, e.ID, r.House.Now()); err != nil {
		return err
	}
	r.Flash("enumerator.revoke.done", "code", e.Code)
	return r.Redirect(pathOf(e))
}
