package brief

import (
	"math"
	"strings"

	"waymark/monitoring"
	"waymark/monitoring/instrument"
	"waymark/stats/survey"
	"waymark/stats/table"
)

// The analyses here are made by hand for tests: round numbers of nobody.

func texts(en, fr, ar string) instrument.Text {
	return instrument.Text{"en": en, "fr": fr, "ar": ar}
}

func pointer(x float64) *float64 { return &x }

// sampleInstrument is a small flow monitoring questionnaire.
func sampleInstrument() *instrument.Instrument {
	cite := instrument.Citation{Authority: "Test authority", Source: "Test source", Date: "2016-10"}
	yesNo := []instrument.Choice{
		{Name: "yes", Label: texts("Yes", "Oui", "نعم")}, {Name: "no", Label: texts("No", "Non", "لا")},
		{Name: "refused", Label: texts("Prefers not to answer", "Préfère ne pas répondre", "يفضل عدم الإجابة"), Missing: table.Refused},
	}
	question := func(name, list string, kind table.Kind, label instrument.Text) instrument.Question {
		q := instrument.Question{Name: name, Type: "integer", Kind: kind, Label: label}
		switch {
		case list != "":
			q.Type, q.List = "select_one "+list, list
		case kind == table.Text:
			q.Type = "text"
		}
		return q
	}
	group := func(id string, label instrument.Text) instrument.Group {
		return instrument.Group{ID: id, From: id, Label: label}
	}
	in := &instrument.Instrument{
		ID: "test-form", Version: "1", Date: "2016", Citation: cite,
		Title: texts("Test form", "Formulaire de test", "استمارة اختبار"),
		Questions: []instrument.Question{
			question("route", "route", table.Category, texts("Which route?", "Quelle route ?", "أي طريق؟")),
			question("point", "", table.Text, texts("Which point?", "Quel point ?", "أي نقطة؟")),
			question("previous", "yes_no", table.Category, texts("Took part before?", "Déjà participé ?", "سبق أن شارك؟")),
			question("age", "", table.Number, texts("How old are you?", "Quel âge avez-vous ?", "كم عمرك؟")),
			question("sex", "sex", table.Category, texts("Sex", "Sexe", "الجنس")),
			question("nationality", "country", table.Category, texts("Nationality", "Nationalité", "الجنسية")),
			question("transit_time", "transit_time", table.Category, texts("How long in transit?", "Combien de temps en transit ?", "كم من الوقت في العبور؟")),
			question("abroad_one_year", "yes_no", table.Category, texts("A year abroad?", "Un an à l'étranger ?", "سنة في الخارج؟")),
			question("held", "yes_no", table.Category, texts("Were you kept?", "Avez-vous été retenu(e) ?", "هل احتُجزت؟")),
			question("held_where", "country", table.Category, texts("Where were you kept?", "Où ?", "أين؟")),
			question("unpaid_work", "yes_no", table.Category, texts("Unpaid work?", "Travail non payé ?", "عمل بلا أجر؟")),
			question("organs", "yes_no", table.Category, texts("Do you know of offers?", "Connaissez-vous des offres ?", "هل تعرف عروضاً؟")),
		},
		Lists: map[string][]instrument.Choice{
			"yes_no": yesNo,
			"route": {
				{Name: "EMR", Label: texts("Eastern Mediterranean", "Méditerranée orientale", "شرق البحر الأبيض المتوسط")},
				{Name: "CMR", Label: texts("Central Mediterranean", "Méditerranée centrale", "وسط البحر الأبيض المتوسط")},
			},
			"sex":     {{Name: "female", Label: texts("Female", "Femme", "أنثى")}, {Name: "male", Label: texts("Male", "Homme", "ذكر")}},
			"country": sampleCountries(),
			"transit_time": {
				{Name: "short", Label: texts("Under 3 months", "Moins de 3 mois", "أقل من 3 أشهر")},
				{Name: "middle", Label: texts("3 to 6 months", "De 3 à 6 mois", "من 3 إلى 6 أشهر")},
				{Name: "long", Label: texts("Over 6 months", "Plus de 6 mois", "أكثر من 6 أشهر")},
			},
		},
		Roles: map[instrument.Role]string{
			instrument.RoleRoute: "route", instrument.RolePoint: "point", instrument.RoleSex: "sex", instrument.RoleAge: "age",
			instrument.RoleNationality: "nationality", instrument.RoleTransit: "transit_time", instrument.RolePrevious: "previous",
		},
		Groups: []instrument.Group{
			group("route", texts("Route", "Route", "الطريق")), group("sex", texts("Sex", "Sexe", "الجنس")),
			group("nationality", texts("Nationality", "Nationalité", "الجنسية")),
			{ID: "transit_time", From: "transit_time", Ordered: true, Label: texts("Time in transit", "Durée du transit", "مدة العبور")},
			group("abroad_one_year", texts("One year or more in another country", "Un an ou plus dans un autre pays", "سنة أو أكثر في بلد آخر")),
		},
		Indicators: []instrument.Indicator{
			{ID: "unpaid_work", Experience: instrument.Own, Question: "unpaid_work", Yes: []string{"yes"}, Citation: cite,
				Label:    texts("Unpaid work", "Travail non payé", "عمل بلا أجر"),
				Sentence: texts("worked without getting the payment they expected", "ont travaillé sans recevoir le paiement attendu", "عملوا دون الحصول على الأجر الذي توقعوه")},
			{ID: "held", Experience: instrument.Own, Question: "held", Yes: []string{"yes"}, Place: "held_where", Citation: cite,
				Label:    texts("Kept against their will", "Retenues contre leur volonté", "محتجزون رغماً عنهم"),
				Sentence: texts("were kept at a place against their will", "ont été retenues dans un lieu contre leur volonté", "احتُجزوا في مكان رغماً عنهم")},
			{ID: "at_least_one", Experience: instrument.Own, Of: []string{"unpaid_work", "held"}, AtLeast: 1, Citation: cite,
				Label:    texts("At least one experience", "Au moins une expérience", "تجربة واحدة على الأقل"),
				Sentence: texts("had at least one of these experiences", "ont vécu au moins une de ces expériences", "مروا بتجربة واحدة على الأقل")},
			{ID: "organs", Experience: instrument.Awareness, Question: "organs", Yes: []string{"yes"}, Citation: cite,
				Label:    texts("Aware of offers for organs", "Informées d'offres pour des organes", "على علم بعروض مقابل الأعضاء"),
				Sentence: texts("knew of people who were offered cash for organs", "connaissaient des personnes à qui on a proposé de l'argent contre des organes", "يعرفون أشخاصاً عُرض عليهم مال مقابل الأعضاء")},
			{ID: "long_transit", Experience: instrument.Measure, Question: "transit_time", Yes: []string{"long"}, Citation: cite,
				Label:    texts("More than 6 months in transit", "Plus de 6 mois en transit", "أكثر من 6 أشهر في العبور"),
				Sentence: texts("had been in transit for more than 6 months", "étaient en transit depuis plus de 6 mois", "أمضوا أكثر من 6 أشهر في العبور")},
		},
		Exclusions: []instrument.Exclusion{
			{ID: "repeat", Question: "previous", Levels: []string{"yes"}, Missing: "keep", Citation: cite,
				Label: texts("Took part before", "Avaient déjà participé", "سبق أن شاركوا"),
				Why:   texts("Without an answer the interview stays.", "Sans réponse, l'entretien est gardé.", "دون إجابة تُحفظ المقابلة.")},
			{ID: "age", Question: "age", Below: pointer(14), Missing: "exclude", Citation: cite,
				Label: texts("Under 14, or age not known", "Moins de 14 ans, ou âge inconnu", "دون 14 عاماً أو العمر غير معروف"),
				Why:   texts("An unknown age may be a child's.", "Un âge inconnu peut être celui d'un enfant.", "قد يكون العمر المجهول عمر طفل.")},
		},
	}
	return in
}

// sampleCountries are real countries in the order of the questionnaire.
func sampleCountries() []instrument.Choice {
	var list []instrument.Choice
	for _, c := range [][4]string{
		{"AFG", "Afghanistan", "Afghanistan", "أفغانستان"}, {"ERI", "Eritrea", "Érythrée", "إريتريا"},
		{"GHA", "Ghana", "Ghana", "غانا"}, {"IRN", "Iran", "Iran", "إيران"}, {"IRQ", "Iraq", "Iraq", "العراق"},
		{"LBY", "Libya", "Libye", "ليبيا"}, {"NGA", "Nigeria", "Nigéria", "نيجيريا"}, {"PAK", "Pakistan", "Pakistan", "باكستان"},
		{"SYR", "Syria", "Syrie", "سوريا"}, {"TUR", "Türkiye", "Türkiye", "تركيا"},
	} {
		list = append(list, instrument.Choice{Name: c[0], Label: texts(c[1], c[2], c[3])})
	}
	return list
}

// parts makes a group of variable, level, variable, level ...
func parts(pairs ...string) monitoring.Group {
	g := monitoring.Group{}
	for i := 0; i < len(pairs); i += 2 {
		g = append(g, monitoring.Part{Variable: pairs[i], Level: pairs[i+1]})
	}
	return g
}

// shareFinding is a share with its Wilson interval as of a simple random sample.
func shareFinding(section monitoring.Section, id string, g monitoring.Group, n, base int) monitoring.Finding {
	key := []string{id}
	for _, p := range g {
		key = append(key, p.Variable+"-"+p.Level)
	}
	f := monitoring.Finding{Key: strings.Join(key, "."), ID: id, Section: section, Group: g, N: n, Base: base, Method: "wilson", Deff: 1.25, NEff: float64(base) / 1.25}
	if section != monitoring.SectionIndicator {
		f.Key = string(section) + "." + f.Key
	}
	if base < 30 {
		f.NotShown = "base"
		f.Estimate, f.SE, f.Lo, f.Hi = math.NaN(), math.NaN(), math.NaN(), math.NaN()
		return f
	}
	p, m, z := float64(n)/float64(base), float64(base), 1.959963984540054
	f.Estimate, f.SE = p, math.Sqrt(p*(1-p)/m)
	mid, half := p+z*z/(2*m), z*math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	f.Lo, f.Hi = (mid-half)/(1+z*z/m), (mid+half)/(1+z*z/m)
	f.MaskN = n > 0 && n < 10
	return f
}

// sampleAnalysis is a round on two routes with every section that there is.
func sampleAnalysis() *monitoring.Analysis {
	a := &monitoring.Analysis{
		Title:     texts("Test round", "Cycle de test", "جولة اختبار"),
		Synthetic: true, Instrument: sampleInstrument(), Program: "waymark test",
		Source: table.Source{Name: "synthetic.csv", SHA256: strings.Repeat("0a", 32), Rows: 3100},
		Plan:   &monitoring.Plan{MinimumBase: 30, MaskBelow: 10, Confidence: 0.95},
		First:  "2015-12-07", Last: "2016-09-30",
		Counts: monitoring.Counts{Received: 3100, Eligible: 3000,
			Excluded:        []monitoring.Excluded{{Rule: "repeat", Count: 60, Kept: 4}, {Rule: "age", Count: 40, Missing: 1}},
			EligibleByRoute: []monitoring.LevelCount{{Code: "EMR", Count: 2000}, {Code: "CMR", Count: 1000}}},
		Design: monitoring.DesignNote{Strata: "route", Clusters: "point+interview_date", NStrata: 2, NPSU: 240, DF: 238},
	}
	add := func(f monitoring.Finding) { a.Findings = append(a.Findings, f) }
	emr := map[string]int{"unpaid_work": 140, "held": 120, "at_least_one": 280, "organs": 8, "long_transit": 220}
	cmr := map[string]int{"unpaid_work": 500, "held": 490, "at_least_one": 710, "organs": 60, "long_transit": 350}
	for _, i := range a.Instrument.Indicators {
		add(shareFinding(monitoring.SectionIndicator, i.ID, parts("route", "EMR"), emr[i.ID], 2000))
		add(shareFinding(monitoring.SectionIndicator, i.ID, parts("route", "CMR"), cmr[i.ID], 1000))
		add(shareFinding(monitoring.SectionIndicator, i.ID, parts(), emr[i.ID]+cmr[i.ID], 3000))
		for _, route := range []string{"EMR", "CMR"} {
			n, base := emr[i.ID], 2000
			if route == "CMR" {
				n, base = cmr[i.ID], 1000
			}
			add(shareFinding(monitoring.SectionIndicator, i.ID, parts("route", route, "sex", "female"), n/5, base/5))
			add(shareFinding(monitoring.SectionIndicator, i.ID, parts("route", route, "sex", "male"), n-n/5, base-base/5))
			for k, level := range []string{"short", "middle", "long"} {
				add(shareFinding(monitoring.SectionIndicator, i.ID, parts("route", route, "transit_time", level), n*(k+2)/9, base/3))
			}
			for k, nat := range []string{"SYR", "NGA", "AFG", "IRQ", "ERI", "PAK", "IRN", "GHA"} {
				b := base / (2 << k)
				add(shareFinding(monitoring.SectionIndicator, i.ID, parts("route", route, "nationality", nat), n*b/base, b))
			}
		}
		add(shareFinding(monitoring.SectionIndicator, i.ID, parts("abroad_one_year", "yes"), 4*(emr[i.ID]+cmr[i.ID])/10, 600))
		add(shareFinding(monitoring.SectionIndicator, i.ID, parts("abroad_one_year", "no"), 6*(emr[i.ID]+cmr[i.ID])/10, 2400))
		p1, p0 := float64(cmr[i.ID])/1000, float64(emr[i.ID])/2000
		add(monitoring.Finding{Key: "ratio." + i.ID, ID: "ratio." + i.ID, Section: monitoring.SectionCompare, Of: parts("route", "CMR"), Against: parts("route", "EMR"),
			Estimate: p1 / p0, Lo: p1 / p0 * 0.85, Hi: p1 / p0 / 0.85, SE: 0.5, P: map[string]float64{"unpaid_work": 0.0002, "held": 0.0004, "organs": 0.03, "long_transit": 0.021}[i.ID], N: cmr[i.ID], Base: 3000, Method: "log ratio", Deff: math.NaN()})
		for _, within := range []monitoring.Group{parts(), parts("route", "EMR"), parts("route", "CMR")} {
			key := "trend." + i.ID
			if len(within) > 0 {
				key += ".route-" + within[0].Level
			}
			a.Trends = append(a.Trends, monitoring.Trend{Key: key, ID: i.ID, Variable: "transit_time", Within: within, OddsRatio: 1.8, Lo: 1.6, Hi: 2, P: 0.0001, Method: "score"})
		}
	}
	for _, route := range []string{"EMR", "CMR"} {
		a.Tests = append(a.Tests, monitoring.Test{Key: "test.at_least_one.sex.route-" + route, ID: "at_least_one", Variable: "sex", Within: parts("route", route), Statistic: 3.5, DF1: 1, DF2: 238, P: 0.0626, Method: "Rao-Scott F"})
	}
	a = monitoring.Guarded(a)
	if err := a.Adjust(monitoring.MultiplePlan{Method: "holm", Family: "kind", Level: 0.05}); err != nil {
		panic(err) // the values above are p-values
	}
	a.Findings = append(a.Findings, samplePlaces()...)
	a.Findings = append(a.Findings, sampleProfile()...)
	return a
}

func samplePlaces() []monitoring.Finding {
	var out []monitoring.Finding
	for _, p := range []struct {
		route, country string
		n, base        int
	}{{"EMR", "TUR", 90, 130}, {"EMR", "IRN", 36, 130}, {"EMR", "LBY", 4, 130}, {"CMR", "LBY", 640, 700}, {"CMR", "TUR", 60, 700}} {
		f := shareFinding(monitoring.SectionPlace, "place.any", parts("route", p.route), p.n, p.base)
		f.Level, f.Key = p.country, f.Key+"."+p.country
		out = append(out, f)
	}
	return out
}

func sampleProfile() []monitoring.Finding {
	var out []monitoring.Finding
	add := func(question, level string, emr, cmr int) {
		for _, r := range []struct {
			g       monitoring.Group
			n, base int
		}{{parts("route", "EMR"), emr, 2000}, {parts("route", "CMR"), cmr, 1000}, {parts(), emr + cmr, 3000}} {
			f := shareFinding(monitoring.SectionProfile, "profile."+question, r.g, r.n, r.base)
			f.Variable, f.Level, f.Key = question, level, f.Key+"."+level
			out = append(out, f)
		}
	}
	add("sex", "female", 400, 200)
	add("sex", "male", 1600, 800)
	for k, nat := range []string{"SYR", "NGA", "AFG", "IRQ", "ERI", "PAK", "IRN"} {
		add("nationality", nat, 2000/(2<<k), 1000/(2<<k))
	}
	add("nationality", "GHA", 0, 3)
	return out
}

// emptyAnalysis is a file in which nobody was eligible.
func emptyAnalysis() *monitoring.Analysis {
	a := sampleAnalysis()
	a.Findings, a.Trends, a.Tests, a.Multiple = nil, nil, nil, nil
	a.Counts.Eligible, a.Counts.EligibleByRoute = 0, nil
	a.First, a.Last = "", ""
	return a
}

// weightedAnalysis adds weighted figures to the round.
func weightedAnalysis() *monitoring.Analysis {
	a := sampleAnalysis()
	for _, f := range a.Findings {
		if f.Section == monitoring.SectionIndicator && len(f.Group) == 1 && f.Group[0].Variable == "route" {
			f.Section, f.Key = monitoring.SectionWeighted, "weighted."+f.Key
			a.Findings = append(a.Findings, f)
		}
	}
	a.Weighting = &monitoring.Weighting{Source: "totals.csv", Method: "logit", Lower: 0.3, Upper: 4, Trim: &monitoring.TrimPlan{Upper: 3.5}, Trimmed: 12,
		Before:     survey.Spread{Rows: 2999, Mean: 1, Min: 1, Q1: 1, Median: 1, Q3: 1, Max: 1, Deff: 1, NEff: 2999},
		After:      survey.Spread{Rows: 2999, Mean: 50, Min: 15, Q1: 40, Median: 45, Q3: 60, Max: 155, Deff: 1.42, NEff: 2112},
		Iterations: 12, Converged: true, MinRatio: 0.3, MaxRatio: 3.1, Deff: 1.42, NEff: 2113, Dropped: 1,
		Margins: []monitoring.Margin{{Variable: "sex", Route: "CMR", Levels: []monitoring.MarginLevel{
			{Code: "female", Total: 300, Target: 0.3, Sample: 0.2, Weighted: 0.3, Rows: 200}, {Code: "male", Total: 700, Target: 0.7, Sample: 0.8, Weighted: 0.7, Rows: 800}}}}}
	return a
}

// pooledAnalysis is two files of different forms.
func pooledAnalysis() *monitoring.Analysis {
	a := sampleAnalysis()
	other := *a.Instrument
	other.ID, other.Version = "test-form-2", "2"
	a.Parts = []monitoring.PooledPart{{Source: table.Source{Name: "first.csv"}, Instrument: a.Instrument}, {Source: table.Source{Name: "second.csv"}, Instrument: &other}}
	a.Pooling = texts("Only the items common to both forms are counted.", "Seuls les éléments communs aux deux formulaires sont comptés.", "تُعد العناصر المشتركة بين الاستمارتين فقط.")
	return a
}

// schoolAnalysis is a survey of schools: no people, no routes, only measures.
func schoolAnalysis() *monitoring.Analysis {
	in := &instrument.Instrument{ID: "schools", Version: "1", Title: texts("Schools", "Écoles", "مدارس"),
		Questions: []instrument.Question{
			{Name: "score", Type: "decimal", Kind: table.Number, Label: texts("Score", "Score", "الدرجة")},
			{Name: "stype", Type: "select_one stype", List: "stype", Kind: table.Category, Label: texts("School type", "Type d'école", "نوع المدرسة")},
		},
		Lists: map[string][]instrument.Choice{"stype": {
			{Name: "E", Label: texts("Elementary", "Primaire", "ابتدائية")}, {Name: "H", Label: texts("High", "Secondaire", "ثانوية")}}},
		Roles: map[instrument.Role]string{instrument.RoleWeights: "pw", instrument.RoleStrata: "stype", instrument.RoleFPC: "fpc"},
	}
	mean := func(key string, g monitoring.Group, x, se float64, base int) monitoring.Finding {
		return monitoring.Finding{Key: key, ID: "mean.score", Section: monitoring.SectionMeasure, Variable: "score", Group: g,
			Estimate: x, SE: se, Lo: x - 1.96*se, Hi: x + 1.96*se, N: base, Base: base, Deff: 1.2, Method: "normal"}
	}
	a := &monitoring.Analysis{Instrument: in, Source: table.Source{Name: "schools.csv"}, Program: "waymark test",
		Counts: monitoring.Counts{Received: 200, Eligible: 200},
		Design: monitoring.DesignNote{Strata: "stype", Weights: "pw", FPC: true, NStrata: 2, NPSU: 200, DF: 198}}
	a.Findings = append(a.Findings,
		mean("mean.score", nil, 662.29, 9.41, 200), mean("mean.score.stype-E", parts("stype", "E"), 674.43, 12.5, 100), mean("mean.score.stype-H", parts("stype", "H"), 625.82, 15.3, 100))
	for i, level := range []string{"E", "H"} {
		f := shareFinding(monitoring.SectionMeasure, "share.stype", nil, 150-100*i, 200)
		f.Variable, f.Level, f.Key = "stype", level, "share.stype."+level
		a.Findings = append(a.Findings, f)
	}
	return a
}
