package instrument

import (
	"fmt"
	"slices"
	"strings"

	"waymark/stats/table"
)

// roleNames are names that questions with a role have in forms, in lower case
// with "_" between words. Design columns are guessed by their values instead.
var roleNames = []struct {
	role  Role
	names []string
}{
	{RoleDate, []string{"interview_date", "date_of_interview", "survey_date", "date_interview", "today", "date"}},
	{RoleStart, []string{"start", "start_time", "starttime", "debut"}},
	{RoleEnd, []string{"end", "end_time", "endtime", "fin"}},
	{RoleEnumerator, []string{"enumerator", "enumerator_id", "enum_id", "enum", "interviewer", "interviewer_id", "enqueteur"}},
	{RolePoint, []string{"point", "fmp", "flow_monitoring_point", "site", "site_id", "survey_location"}},
	{RoleLocation, []string{"gps", "geopoint", "point_location", "gps_location"}},
	{RoleRoute, []string{"route", "migration_route"}},
	{RolePrevious, []string{"previous", "previously_interviewed", "interviewed_before"}},
	{RoleConsent, []string{"consent", "informed_consent", "consentement"}},
	{RoleAge, []string{"age", "age_years", "respondent_age"}},
	{RoleSex, []string{"sex", "gender", "sexe", "genre", "respondent_sex"}},
	{RoleNationality, []string{"nationality", "nationalite", "citizenship"}},
	{RoleDeparture, []string{"departure_date", "date_of_departure"}},
	{RoleTransit, []string{"transit_time", "time_in_transit"}},
}

// rolesByName gives questions the roles that their names say, if their type
// allows it.
func (d *draft) rolesByName() {
	kinds := map[Role][]table.Kind{}
	for _, r := range roleKinds {
		kinds[r.role] = r.kinds
	}
	for _, r := range roleNames {
		for _, name := range r.names {
			for _, q := range d.questions {
				if strings.Join(splitWords(q.name), "_") != name || d.hasRole(q.name) {
					continue
				}
				if r.role == RoleTransit && !d.fromWorkbook {
					continue // its levels must be in order, which data do not tell
				}
				if kind := questionTypes[q.kind].kind; !slices.Contains(kinds[r.role], kind) {
					continue
				}
				d.role(r.role, q.name, fmt.Sprintf("its name says so and its type %s fits", q.kind))
			}
		}
	}
}

func (d *draft) hasRole(name string) bool {
	return slices.ContainsFunc(d.roles, func(r draftRole) bool { return slices.Contains(strings.Fields(r.name), name) })
}
