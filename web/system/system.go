// Package system is the pages of those who run the system: whether it works, what
// needs their attention, what it is made of.
//
// It shows counts, sizes, times and codes. It reads no answers and no names.
package system

import (
	"embed"

	"waymark/trust/access"
	"waymark/web/page"
)

//go:embed *.tmpl lang/*.yaml
var files embed.FS

type area struct{ source Source }

// Area is the pages of the system.
func Area(h *page.House, source Source) page.Area {
	a := &area{source: source}
	return page.Area{Name: "system", Files: files,
		Links: []page.NavLink{{Level: page.Site, Order: 90, Key: "system.nav", Path: "/system", Action: access.SystemView, System: true}},
		Routes: []page.Route{
			{Pattern: "GET /system", Action: access.SystemView, Do: a.show},
			{Pattern: "POST /system/jobs/{job}", Action: access.SystemSet, Of: page.OfSystem, Do: a.ask},
		}}
}
