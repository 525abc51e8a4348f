package example

import "waymark/stats/table"

// summer is the day on which European clocks went forward in 2016, as days
// since 1970-01-01 (27 March 2016).
const summer = 16887

// profile draws everything that no published figure fixes, for one person who
// was asked everything: who they are and how they came. The module's answers
// and the slot must be there already.
func (m *maker) profile(p *person) {
	d, w := m.dice, m.wheels
	gap := m.figures.of("missing.profile", "")
	pick := func(q question, id string) {
		wheel := w.fit(id, p)
		p.code[q] = wheel.code[wheel.spin(d)]
	}
	own := m.book.codes["country"][m.nats[p.nat]]
	p.code[qNationality] = own

	pick(qSex, "sex")
	if p.yes>>3&1 == 1 && d.below(2) == 0 {
		// Offers of marriage reach women more often: half are given to women outright.
		p.code[qSex] = m.female
	}
	p.age = w.fit("age", p).within(d)
	if near := (p.age + 2) / 5 * 5; near >= 20 && d.chance(m.figures.of("age.heaping", "")) {
		p.age = near
	}
	pick(qEducation, "education")
	if p.age < 18 {
		pick(qEmploymentBefore, "employment_before.14-17")
		if p.code[qEducation] == m.tertiary {
			p.code[qEducation] = m.secondary
		}
	} else {
		pick(qEmploymentBefore, "employment_before")
	}
	switch {
	case p.age < 18:
		pick(qMaritalStatus, "marital_status.14-17")
	case p.age < 26:
		pick(qMaritalStatus, "marital_status.18-25")
	case p.age < 36:
		pick(qMaritalStatus, "marital_status.26-35")
	default:
		pick(qMaritalStatus, "marital_status.36")
	}
	pick(qTravelling, "travelling")

	pick(qCountryDeparture, "country_departure")
	if p.code[qCountryDeparture] == ownCountry {
		p.code[qCountryDeparture] = own
	}
	way := w.fit("transit_countries", p)
	p.set = way.set[way.spin(d)]
	for _, at := range []uint8{own, p.code[qCountryDeparture]} {
		p.set.remove(int(at) - table.FirstLevel)
	}
	pick(qCost, "cost")
	pick(qReason, "reason")
	pick(qDestination, "destination")
	if p.code[qDestination] == own {
		p.code[qDestination] = m.other
	}
	p.gone = -1
	if p.band != noBand {
		p.gone = w.fit("days."+m.book.levels["transit_time"][p.band].Code, p).within(d)
	}
	m.answer(p)
	pick(qReferralGiven, "referral_given")

	// A few questions stay without an answer.
	for _, q := range []question{qSex, qNationality, qCountryDeparture, qEducation, qEmploymentBefore,
		qMaritalStatus, qTravelling, qCost, qReason, qDestination} {
		if d.chance(gap) {
			p.code[q] = refuse(d)
		}
	}
	p.setOut = d.chance(gap)
	if d.chance(m.figures.of("missing.departure_date", "")) {
		p.gone = -1
	}
}

// answer writes the answers on the journey's length and on the module.
func (m *maker) answer(p *person) {
	d := m.dice
	word := map[bool]uint8{true: m.yes, false: m.no}
	p.code[qPrevious], p.code[qConsent] = m.no, m.yes
	p.code[qTransitTime] = refuse(d)
	if p.band != noBand {
		p.code[qTransitTime] = uint8(table.FirstLevel + p.band)
	}
	p.code[qAbroadOneYear] = word[p.abroad]
	if p.abroadOut {
		p.code[qAbroadOneYear] = refuse(d)
	}
	where := m.wheels.fit("where", p)
	place := func(q question) {
		p.code[q] = where.code[where.spin(d)]
		if d.chance(m.figures.of("missing.profile", "")) {
			p.code[q] = refuse(d)
		}
	}
	for i, q := range own {
		p.code[q], p.code[q+1] = word[p.yes>>i&1 == 1], uint8(table.NotAsked)
		if p.yes>>i&1 == 1 {
			place(q + 1)
		}
		if p.silent>>i&1 == 1 {
			p.code[q] = refuse(d)
		}
	}
	p.code[qOrgansAwareness], p.code[qOrgansAwarenessWhere] = word[p.organs == 1], uint8(table.NotAsked)
	switch p.organs {
	case 1:
		place(qOrgansAwarenessWhere)
	case -1:
		p.code[qOrgansAwareness] = refuse(d)
	}
	p.code[qFamilyAny] = uint8(table.NotAsked)
	switch {
	case p.state != none:
	case p.familyOut:
		p.code[qFamilyAny] = refuse(d)
	default:
		p.code[qFamilyAny] = word[p.family]
	}
}

// cut takes back what an interview that ended early never asked.
func (p *person) cut() {
	first := questions
	switch p.ended {
	case atConsent:
		first, p.age = qConsent+1, -1
	case atAge:
		first = qSex
	}
	if first == questions {
		return
	}
	for q := first; q < questions; q++ {
		p.code[q] = uint8(table.NotAsked)
	}
	p.gone, p.setOut = -1, true
}
