// Package page holds what every page of the server is made with: the request
// with its person, language and decided policy, layout and partial templates,
// forms that keep what was typed, and error pages.
//
// It knows no area: areas import it and give it routes, templates and words.
//
// # How an area is written
//
// An area is a package web/NAME with one function that returns its page.Area:
//
//	//go:embed *.tmpl lang/*.yaml
//	var files embed.FS
//
//	// Area is the pages of enumerators.
//	func Area(h *page.House) page.Area {
//		return page.Area{Name: "enumerator", Files: files,
//			Links: []page.NavLink{{Level: page.Round, Order: 30, Key: "enumerator.nav",
//				Path: "/rounds/{round}/enumerators", Action: access.EnumeratorView}},
//			Routes: []page.Route{
//				{Pattern: "GET /rounds/{round}/enumerators", Action: access.EnumeratorView, Of: page.OfRound(h), Do: list},
//				{Pattern: "GET /rounds/{round}/enumerators/new", Action: access.EnumeratorSet, Of: page.OfRound(h), Do: add},
//				{Pattern: "POST /rounds/{round}/enumerators/new", Action: access.EnumeratorSet, Of: page.OfRound(h), Do: addPost},
//			}}
//	}
//
// Addresses: /programmes/{programme}, /rounds/{round}, /forms/{form},
// /submissions/{submission}, /people/{account}, and below. A change is posted to the
// address of the page that holds its form, or below it, so that someone who must
// first prove who they are comes back to that page.
//
// A handler gets a Request whose policy was decided. It reads, and answers once:
//
//	func addPost(r *page.Request) error {
//		f, err := r.ReadForm("enumerator.new")
//		if err != nil {
//			return err
//		}
//		e := &collection.FieldEnumerator{Round: r.Round.ID,
//			Code: f.Text("code", page.Required, page.Max(20)), Name: f.Text("name", page.Max(200))}
//		if !f.Bad() {
//			if err := f.Take(r.House.Collection.PutEnumerator(r.Context(), r.By, e, hash)); err != nil {
//				return err // not the form's fault: an error page
//			}
//		}
//		if f.Bad() {
//			return r.Render(422, "enumerator/new", view{Form: f})
//		}
//		r.Flash("enumerator.added")
//		return r.Redirect(page.Path("/rounds/{round}/enumerators", "round", r.Round.ID))
//	}
//
// A page's template, new.html.tmpl, defines title and main; "." is a View, what the
// handler gave is ".Data":
//
//	{{define "title"}}{{t "enumerator.new.title"}}{{end}}
//	{{define "main"}}
//	{{template "part/section-nav" .}}
//	{{template "part/errors" .Data.Form}}
//	<h1 class="govuk-heading-l">{{t "enumerator.new.title"}}</h1>
//	<form method="post" novalidate>
//	{{template "field/text" (.Data.Form.Field "code" "width" "10")}}
//	{{template "field/text" (.Data.Form.Field "name" "optional" true)}}
//	<button class="govuk-button">{{t "page.save"}}</button>
//	</form>
//	{{end}}
//
// Inside range and with, the View is "$": {{if $.May "enumerator.change"}}. Texts of
// a language never hold HTML. Field partials: text, password, textarea, select,
// radios, checkboxes, checkbox (one), date, file, hidden.
//
// # Partials
//
// Each takes one value, made in the handler; partial.go says what is in it.
//
//	{{template "part/section-nav" .}}        the View: navigation of the round or programme
//	{{template "part/errors" .Data.Form}}    *Form: everything that is wrong, linked
//
//	{{template "part/table" .Data.Table}}
//	page.Table{Caption: r.Text("x.list"), Head: []page.Head{{Text: r.Text("x.name")}, {Text: r.Text("x.count"), Number: true}},
//		Rows:  []page.Row{{Cells: []page.Cell{{Text: p.Name, Href: href}, {Text: r.Words().Whole(12)}}}},
//		Empty: page.Empty{Title: r.Text("x.none"), Text: r.Text("x.none.text"), Actions: []page.Link{{Text: r.Text("x.add"), Href: add}}}}
//
//	{{template "part/empty" .Data.Empty}}
//	page.Empty{Title: r.Text("x.none"), Text: r.Text("x.none.text"), Actions: []page.Link{{Text: r.Text("x.add"), Href: add}}}
//
//	{{template "part/tabs" .Data.Tabs}}
//	page.Tabs{Label: r.Text("x.views"), Links: []page.Link{{Text: r.Text("x.all"), Href: href, Current: true, Count: "12"}}}
//
//	{{template "part/pagination" .Data.Pages}}
//	page.Pagination{Previous: "/x?before=1", Next: "/x?after=9"}
//
//	{{template "part/tag" .Data.Tag}}
//	page.Tag{Text: r.Text("x.state.open"), Colour: page.StateColour("open")}
//
//	{{template "part/summary" .Data.Summary}}
//	page.Summary{Rows: []page.SummaryRow{{Key: r.Text("x.name"), Value: page.Cell{Text: p.Name},
//		Actions: []page.Link{{Text: r.Text("page.change"), Hidden: r.Text("x.name"), Href: change}}}}}
//
//	{{template "part/details" .Data.Details}}
//	page.Details{Summary: r.Text("x.why"), Lines: []string{r.Text("x.because")}}
//
//	{{template "part/notice" .Data.Notice}}
//	page.Notice{Kind: "warning", Text: r.Text("x.late")}
//
//	{{template "part/exit"}}                 "Exit this page", for pages that it is not safe to be seen with
//
// A page that asks before something is done needs no template: Request.Confirm.
//
// Tests: pagetest.New gives a client of a site with the area; every area has
//
//	func TestWords(t *testing.T) { pagetest.CheckLanguages(t, Area(house)) }
package page
