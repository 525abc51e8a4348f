// Package audit is the pages of those who watch over the system: the log of who read
// or changed what, its signed checkpoints, and exports that can be checked without
// the system.
//
// It shows identifiers and codes, and the names of people with accounts. It reads no
// answers, and no names of people who were interviewed or who interview.
package audit

import (
	"embed"

	"waymark/trust/access"
	"waymark/trust/audit"
	"waymark/web/page"
)

//go:embed *.tmpl lang/*.yaml
var files embed.FS

// area holds what the handlers need.
type area struct{ log audit.Store }

// Area is the pages of the log.
func Area(h *page.House, log audit.Store) page.Area {
	a := &area{log: log}
	programme := page.OfProgramme(h)
	return page.Area{Name: "audit", Files: files,
		Links: []page.NavLink{
			{Level: page.Site, Order: 80, Key: "audit.nav", Path: "/audit", Action: access.AuditRead, System: true},
			{Level: page.Programme, Order: 80, Key: "audit.nav", Path: "/programmes/{programme}/audit", Action: access.AuditRead},
		},
		Routes: []page.Route{
			{Pattern: "GET /audit", Action: access.AuditRead, Do: a.list},
			{Pattern: "POST /audit/export", Action: access.AuditExport, Do: a.export},
			{Pattern: "GET /audit/checkpoints", Action: access.AuditExport, Do: a.checkpoints},
			{Pattern: "POST /audit/checkpoints/sign", Action: access.AuditExport, Do: a.sign},
			{Pattern: "GET /audit/checkpoints/{size}", Action: access.AuditExport, Of: page.OfSystem, Do: a.checkpoint},
			{Pattern: "GET /audit/key", Action: access.AuditExport, Do: a.key},
			{Pattern: "GET /programmes/{programme}/audit", Action: access.AuditRead, Of: programme, Do: a.list},
			{Pattern: "POST /programmes/{programme}/audit/export", Action: access.AuditExport, Of: programme, Do: a.export},
		}}
}
