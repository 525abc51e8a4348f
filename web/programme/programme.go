// Package programme is the pages of programmes and their rounds: points, routes,
// periods and targets.
//
// What may be set up is decided in monitoring/collection; this package shows it,
// reads forms and keeps what was typed. It knows no submission.
package programme

import (
	"embed"

	"waymark/monitoring/instrument"
	"waymark/trust/access"
	"waymark/web/page"
)

//go:embed *.tmpl lang/*.yaml
var files embed.FS

// Area is the pages of programmes and rounds.
func Area(h *page.House) page.Area {
	inProgramme, inRound := page.OfProgramme(h), page.OfRound(h)
	return page.Area{Name: "programme", Files: files,
		Links: []page.NavLink{
			{Level: page.Site, Order: 10, Key: "programme.nav", Path: "/programmes", Action: access.ProgrammeView},
			{Level: page.Programme, Order: 10, Key: "programme.nav.rounds", Path: "/programmes/{programme}", Action: access.ProgrammeView},
			{Level: page.Round, Order: 10, Key: "programme.nav.round", Path: "/rounds/{round}", Action: access.RoundView},
			{Level: page.Round, Order: 20, Key: "programme.nav.points", Path: "/rounds/{round}/points", Action: access.RoundView},
			{Level: page.Round, Order: 25, Key: "programme.nav.targets", Path: "/rounds/{round}/targets", Action: access.RoundView},
		},
		Routes: []page.Route{
			{Pattern: "GET /programmes", Action: access.Home, Do: list},
			{Pattern: "GET /programmes/new", Action: access.ProgrammeAdd, Do: addProgramme},
			{Pattern: "POST /programmes/new", Action: access.ProgrammeAdd, Do: addProgrammePost},
			{Pattern: "GET /programmes/{programme}", Action: access.ProgrammeView, Of: inProgramme, Do: show},
			{Pattern: "GET /programmes/{programme}/change", Action: access.ProgrammeSet, Of: inProgramme, Do: changeProgramme},
			{Pattern: "POST /programmes/{programme}/change", Action: access.ProgrammeSet, Of: inProgramme, Do: changeProgrammePost},
			{Pattern: "GET /programmes/{programme}/rounds/new", Action: access.RoundSet, Of: inProgramme, Do: addRound},
			{Pattern: "POST /programmes/{programme}/rounds/new", Action: access.RoundSet, Of: inProgramme, Do: addRoundPost},
			{Pattern: "GET /rounds/{round}", Action: access.RoundView, Of: inRound, Do: showRound},
			{Pattern: "GET /rounds/{round}/change", Action: access.RoundSet, Of: inRound, Do: changeRound},
			{Pattern: "POST /rounds/{round}/change", Action: access.RoundSet, Of: inRound, Do: changeRoundPost},
			{Pattern: "GET /rounds/{round}/open", Action: access.RoundSet, Of: inRound, Do: openRound},
			{Pattern: "POST /rounds/{round}/open", Action: access.RoundSet, Of: inRound, Do: openRoundPost},
			{Pattern: "GET /rounds/{round}/close", Action: access.RoundSet, Of: inRound, Do: closeRound},
			{Pattern: "POST /rounds/{round}/close", Action: access.RoundSet, Of: inRound, Do: closeRoundPost},
			{Pattern: "GET /rounds/{round}/points", Action: access.RoundView, Of: inRound, Do: points},
			{Pattern: "GET /rounds/{round}/points/map", Action: access.RoundView, Of: inRound, Do: pointMap},
			{Pattern: "GET /rounds/{round}/points/csv", Action: access.RoundView, Of: inRound, Do: pointFile},
			{Pattern: "GET /rounds/{round}/points/new", Action: access.RoundSet, Of: inRound, Do: addPoint},
			{Pattern: "POST /rounds/{round}/points/new", Action: access.RoundSet, Of: inRound, Do: addPointPost},
			{Pattern: "GET /rounds/{round}/points/list", Action: access.RoundSet, Of: inRound, Do: addPoints},
			{Pattern: "POST /rounds/{round}/points/list", Action: access.RoundSet, Of: inRound, Do: addPointsPost},
			{Pattern: "GET /rounds/{round}/points/{point}/change", Action: access.RoundSet, Of: inRound, Do: changePoint},
			{Pattern: "POST /rounds/{round}/points/{point}/change", Action: access.RoundSet, Of: inRound, Do: changePointPost},
			{Pattern: "GET /rounds/{round}/points/{point}/remove", Action: access.RoundSet, Of: inRound, Do: removePoint},
			{Pattern: "POST /rounds/{round}/points/{point}/remove", Action: access.RoundSet, Of: inRound, Do: removePointPost},
			{Pattern: "GET /rounds/{round}/targets", Action: access.RoundView, Of: inRound, Do: targets},
			{Pattern: "GET /rounds/{round}/targets/change", Action: access.RoundSet, Of: inRound, Do: changeTargets},
			{Pattern: "POST /rounds/{round}/targets/change", Action: access.RoundSet, Of: inRound, Do: changeTargetsPost},
		}}
}

// instrumentTitle is what a questionnaire is called in the page's language.
func instrumentTitle(r *page.Request, id string) string {
	if id == "" {
		return r.Text("programme.round.instrument.none")
	}
	if t, ok := instrument.Titles()[id]; ok {
		return t.In(r.Lang)
	}
	return id
}
