// Package matter is the kit of the pages about concerns, referrals and cases: what a
// route is about and how somebody stands to it, questions of the rules as fields,
// clocks, steps and rows of lists.
//
// It knows no area. Areas are given a Kit and name "matter" in page.Area.Uses.
//
// # What a route is about
//
//	k, err := matter.New(matter.Options{House: h, Store: db, Library: library})
//	{Pattern: "GET /cases/{matter}", Action: access.CaseRead, Of: k.OfMatter(referral.Case), Do: a.show}
//
// Of reads the row, finds the Standing and fills the relations of access.Resource. It
// also makes the page safe (page.KeepSafe): a neutral title, the banner of danger and
// "Exit this page" come from the layout, so templates need do nothing. What one may
// not see looks as if it were not there. In the handler:
//
//	here := matter.At(r)                    // Network, Pathway, Matter, Standing, Link
//	file, err := k.Open(r)                  // decrypts, records the reading, hides what is not theirs
//	c, err := file.Take(k.Who(r))           // a pure function of package referral
//	err = f.Take(k.Do(r, c))                // a Conflict or a wrong field lands on the form
//
// OfNetwork is for lists of a network ({programme}); OfLink for an organisation's
// link ({token}), whose visitors have no account.
//
// # Questions of the rules
//
//	f := matter.NewForm(r)
//	matter.Fill(f, questions, answers)      // shown for the first time
//	v, err := k.Show(r, f, question)        // for {{template "matter/question" .}}
//	values := k.Read(r, f, question)        // marks the form where the rules say so
//
// Files are not read here: the area keeps uploads and Sets their identifiers. Texts
// of the rules are in the page's language, or in English and marked so: Say.
//
// # Partials
//
//	{{template "matter/question" .}}   a Question
//	{{template "matter/said" .}}       a Said: a text with its language
//	{{template "matter/steps" .}}      []StepView, from Steps
//	{{template "part/table" .}}        of Clocks
package matter
