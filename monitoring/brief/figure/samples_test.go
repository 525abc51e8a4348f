package figure

import "math"

// The samples are the fixed universe of the tests: one or more drawings of each
// constructor, left to right and right to left. All numbers are synthetic.

var twoRoutes = []Series{
	{Name: "Central route", Paint: Series1, Mark: Disc},
	{Name: "Eastern route", Paint: Series2, Mark: Diamond},
}

var twoRoutesArabic = []Series{
	{Name: "طريق وسط المتوسط", Paint: Series1, Mark: Disc},
	{Name: "طريق شرق المتوسط", Paint: Series2, Mark: Diamond},
}

func share(v, half float64, text, base string) Estimate {
	return Estimate{Value: v, Lo: max(v-half, 0), Hi: min(v+half, 1), Text: text, Base: base, Tip: text + " of " + base}
}

func indicatorRows(labels [6]string) []Row {
	return []Row{
		{Label: labels[0], Points: []Estimate{share(0.71, 0.017, "71%", "2,768"), share(0.14, 0.009, "14%", "5,671")}},
		{Label: labels[1], Points: []Estimate{share(0.50, 0.019, "50%", "2,760"), share(0.07, 0.007, "7%", "5,660")}},
		{Label: labels[2], Points: []Estimate{share(0.49, 0.019, "49%", "2,755"), share(0.06, 0.006, "6%", "5,662")}},
		{Label: labels[3], Points: []Estimate{share(0.39, 0.018, "39%", "2,751"), share(0.046, 0.006, "5%", "5,650")}},
		{Label: labels[4], Points: []Estimate{share(0.02, 0.006, "2%", "2,749"), {NotShown: "not shown: fewer than 30 answers", Base: "22"}}},
		{Label: labels[5], Points: []Estimate{share(0.006, 0.003, "1%", "2,741"), share(0, 0, "0%", "5,644")}},
	}
}

var indicatorLabels = [6]string{
	"At least one of the five", "Worked without the payment expected", "Held against their will",
	"Forced to work or do activities", "Offered a job", "Offered an arranged marriage",
}

var indicatorLabelsArabic = [6]string{
	"واحدة على الأقل من الخمس", "عمل دون الأجر المتوقع", "احتجز رغما عنه",
	"أجبر على العمل أو القيام بأنشطة", "عرض عليه عمل", "عرض عليه زواج مرتب",
}

func sampleDots() *Drawing {
	return DotPlot(DotPlotSpec{
		Frame:     Frame{Title: "Indicators by route", Description: "Six indicators on two routes.", Badge: "Synthetic example data"},
		Series:    twoRoutes,
		Groups:    []RowGroup{{Heading: "Own experience during the journey", Rows: indicatorRows(indicatorLabels)}},
		BaseTitle: "n",
		Axis:      Axis{Title: "% of people interviewed who said yes, with the 95% interval"},
	})
}

func sampleDotsArabic() *Drawing {
	rows := indicatorRows(indicatorLabelsArabic)
	rows[4].Points[1].NotShown = "غير مبين: أقل من 30 إجابة"
	return DotPlot(DotPlotSpec{
		Frame:  Frame{Title: "المؤشرات حسب الطريق", Description: "ستة مؤشرات على طريقين.", Badge: "بيانات تجريبية مصطنعة", RTL: true},
		Series: twoRoutesArabic,
		Groups: []RowGroup{{Heading: "تجربة الشخص نفسه أثناء الرحلة", Rows: rows}},
		Axis:   Axis{Title: "نسبة من أجابوا بنعم، مع فترة الثقة 95%"},
	})
}

func sampleRatio() *Drawing {
	ratio := func(v, lo, hi float64, text string) []Estimate {
		return []Estimate{{Value: v, Lo: lo, Hi: hi, Text: text, Tip: text}}
	}
	return DotPlot(DotPlotSpec{
		Frame:  Frame{Title: "Central against Eastern route", Description: "Ratios with intervals."},
		Series: []Series{{Paint: Neutral}},
		Groups: []RowGroup{{Rows: []Row{
			{Label: "Held against their will", Base: "n 8,417", Points: ratio(8.2, 7.4, 9.1, "8.2 times")},
			{Label: "Worked without the payment expected", Base: "n 8,420", Points: ratio(7.1, 6.5, 7.9, "7.1 times")},
			{Label: "Offered a job", Base: "n 8,411", Points: ratio(0.8, 0.3, 1.7, "0.8 times")},
			{Label: "Offered an arranged marriage", Base: "n 8,385", Points: ratio(12, 3, math.Inf(1), "12 times")},
		}}},
		Axis: Axis{Scale: Ratio, Title: "Times as likely to say yes on the Central route (log scale)"},
	})
}

func doseRows(labels []string, shift float64) []Row {
	rows := make([]Row, len(labels))
	for i, l := range labels {
		v := 0.12 + 0.11*float64(i) + shift
		rows[i] = Row{Label: l, Base: thousands(number(1120 + 300*shift)), Points: []Estimate{
			{Value: v, Lo: v - 0.06, Hi: v + 0.06, Text: number(math.Round(v*100)) + "%"},
			{Value: v / 3, Lo: v/3 - 0.03, Hi: v/3 + 0.03, Text: number(math.Round(v*33)) + "%"},
		}}
	}
	return rows
}

func sampleMultiples() *Drawing {
	bands := []string{"Under 2 weeks", "2 weeks to 3 months", "3 to 6 months", "6 to 12 months", "Over 12 months"}
	spec := SmallMultiplesSpec{
		Frame:     Frame{Title: "Indicators by length of journey", Description: "Five bands.", Badge: "Synthetic example data"},
		Series:    twoRoutes,
		Connect:   true,
		BaseTitle: "n",
		Axis:      Axis{Title: "% of people interviewed who said yes, by time in transit"},
	}
	for i, l := range indicatorLabels[:5] {
		spec.Panels = append(spec.Panels, Panel{Heading: l, Rows: doseRows(bands, -0.02*float64(i))})
	}
	return SmallMultiples(spec)
}

func sampleMultiplesArabic() *Drawing {
	bands := []string{"أقل من أسبوعين", "من أسبوعين إلى 3 أشهر", "من 3 إلى 6 أشهر", "أكثر من 6 أشهر"}
	spec := SmallMultiplesSpec{
		Frame:   Frame{Title: "المؤشرات حسب مدة الرحلة", Description: "أربع فئات.", RTL: true},
		Series:  twoRoutesArabic,
		Connect: true,
	}
	for i, l := range indicatorLabelsArabic[:3] {
		spec.Panels = append(spec.Panels, Panel{Heading: l, Rows: doseRows(bands, -0.02*float64(i))})
	}
	return SmallMultiples(spec)
}

func sampleBars() *Drawing {
	return BarChart(BarChartSpec{
		Frame: Frame{Title: "Interviews by nationality", Description: "Counts.", Badge: "Synthetic example data"},
		Groups: []BarGroup{
			{Heading: "Central route", Bars: []Bar{
				{Label: "Nigeria", Value: 803, Text: "803", Paint: Series1, Tip: "Nigeria: 803"},
				{Label: "Gambia", Value: 390, Text: "390", Paint: Series1},
				{Label: "Guinea", Value: 14, Text: "14", Paint: Series1},
				{Label: "Other nationalities, each with fewer than ten interviews", NotShown: "fewer than 10"},
			}},
			{Heading: "Eastern route", Bars: []Bar{
				{Label: "Syrian Arab Republic", Value: 2010, Text: "2,010", Paint: Series2},
				{Label: "Afghanistan", Value: 1444, Text: "1,444", Paint: Series2},
			}},
		},
	})
}

func sampleBarsArabic() *Drawing {
	return BarChart(BarChartSpec{
		Frame: Frame{Title: "المقابلات حسب الجنسية", Description: "أعداد.", RTL: true},
		Groups: []BarGroup{{Heading: "طريق وسط المتوسط", Bars: []Bar{
			{Label: "نيجيريا", Value: 803, Text: "803", Paint: Series1},
			{Label: "غامبيا", Value: 390, Text: "390", Paint: Series1},
		}}},
	})
}

func sampleFlow() *Drawing {
	return FlowDiagram(FlowSpec{
		Frame:    Frame{Title: "From interviews received to interviews analysed", Description: "Three exclusions.", Badge: "Synthetic example data", Width: 640},
		Received: FlowBox{Value: "9,105", Label: "interviews received"},
		Excluded: []FlowBox{
			{Value: "330", Label: "left out: had taken part before"},
			{Value: "190", Label: "left out: did not agree to the use of their answers", Note: "of these, 12 without an answer"},
			{Value: "110", Label: "left out: under 14, or age not known", Note: "of these, 9 without an answer"},
		},
		Analysed: FlowBox{Value: "8,475", Label: "interviews analysed"},
		Routes: []FlowBox{
			{Value: "2,780", Label: "Central Mediterranean route", Paint: Series1},
			{Value: "5,695", Label: "Eastern Mediterranean route", Paint: Series2},
		},
	})
}

func sampleFlowArabic() *Drawing {
	return FlowDiagram(FlowSpec{
		Frame:    Frame{Title: "من المقابلات المستلمة إلى المحللة", Description: "ثلاثة استثناءات.", RTL: true, Width: 640},
		Received: FlowBox{Value: "9,105", Label: "مقابلة مستلمة"},
		Excluded: []FlowBox{
			{Value: "330", Label: "استبعدت: شارك الشخص من قبل"},
			{Value: "190", Label: "استبعدت: لا موافقة على استخدام الإجابات", Note: "منها 12 بلا إجابة"},
		},
		Analysed: FlowBox{Value: "8,475", Label: "مقابلة محللة"},
	})
}

func sampleMap() *Drawing {
	return Map(MapSpec{
		Frame: Frame{Title: "Where it happened", Description: "Countries of the event.", Badge: "Synthetic example data"},
		Places: []Place{
			{ISO3: "LBY", Name: "Libya", Value: 1805, Text: "1,805", Tip: "Libya: 1,805"},
			{ISO3: "TUR", Name: "Türkiye", Value: 342, Text: "342"},
			{ISO3: "DZA", Name: "Algeria", Value: 71, Text: "71"},
			{ISO3: "SDN", Name: "Sudan", Value: 58, Text: "58"},
			{ISO3: "IRN", Name: "Iran (Islamic Republic of)", Value: 120, Text: "120"},
			{ISO3: "AFG", Name: "Afghanistan", Value: 66, Text: "66"},
			{ISO3: "GRC", Name: "Greece", Value: 41, Text: "41"},
			{ISO3: "MKD", Name: "North Macedonia", Value: 22, Text: "22"},
			{ISO3: "SRB", Name: "Serbia", Value: 20, Text: "20"},
			{ISO3: "BGR", Name: "Bulgaria", Value: 33, Text: "33"},
			{ISO3: "NER", Name: "Niger", Value: 64, Text: "64"},
			{ISO3: "EGY", Name: "Egypt", Value: 31, Text: "31"},
			{ISO3: "MLI", Name: "Mali", Value: 18, Text: "18"},
			{ISO3: "BFA", Name: "Burkina Faso", NotShown: "fewer than 10"},
			{ISO3: "PAK", Name: "Pakistan", Value: 27, Text: "27"},
			{ISO3: "SYR", Name: "Syrian Arab Republic", Value: 45, Text: "45"},
			{ISO3: "IRQ", Name: "Iraq", Value: 38, Text: "38"},
			{ISO3: "LBN", Name: "Lebanon", Value: 15, Text: "15"},
			{ISO3: "ITA", Name: "Italy", Value: 12, Text: "12"},
			{ISO3: "ETH", Name: "Ethiopia", Value: 14, Text: "14"},
			{ISO3: "BGD", Name: "Bangladesh", Value: 12, Text: "12"},
			{ISO3: "OTH", Name: "Other countries", Value: 19, Text: "19"},
		},
		Outside:    "Not on this map:",
		Also:       "Also on this map:",
		Disclaimer: "The boundaries and names shown and the designations used on this map do not imply official endorsement or acceptance.",
	})
}

func sampleMapArabic() *Drawing {
	return Map(MapSpec{
		Frame: Frame{Title: "أين حدث ذلك", Description: "بلدان الحدث.", RTL: true},
		Places: []Place{
			{ISO3: "LBY", Name: "ليبيا", Value: 1805, Text: "1,805"},
			{ISO3: "DZA", Name: "الجزائر", Value: 71, Text: "71"},
			{ISO3: "SDN", Name: "السودان", Value: 58, Text: "58"},
			{ISO3: "TUR", Name: "تركيا", Value: 342, Text: "342"},
			{ISO3: "BGD", Name: "بنغلاديش", Value: 12, Text: "12"},
		},
		Outside:    "خارج هذه الخريطة:",
		Disclaimer: "لا تعني الحدود والأسماء المبينة على هذه الخريطة أي إقرار أو قبول رسمي.",
	})
}

// samples lists every sample by the stem of its golden file.
var samples = []struct {
	name string
	make func() *Drawing
}{
	{"dots", sampleDots},
	{"dots-ar", sampleDotsArabic},
	{"ratio", sampleRatio},
	{"multiples", sampleMultiples},
	{"multiples-ar", sampleMultiplesArabic},
	{"bars", sampleBars},
	{"bars-ar", sampleBarsArabic},
	{"flow", sampleFlow},
	{"flow-ar", sampleFlowArabic},
	{"map", sampleMap},
	{"map-ar", sampleMapArabic},
	{"points", samplePoints},
	{"points-ar", samplePointsArabic},
	{"points-far", samplePointsFar},
}

var mapRoutes = []Series{
	{Name: "Central route", Paint: Series1, Mark: Disc},
	{Name: "Eastern route", Paint: Series2, Mark: Diamond},
	{Name: "No route", Paint: Neutral, Mark: Square},
}

// samplePoints are harbours of the central Mediterranean, as made-up points.
func samplePoints() *Drawing {
	return PointMap(PointMapSpec{
		Frame:  Frame{Title: "Points of the round", Description: "Six points on two routes.", Badge: "Synthetic example data", Width: 480},
		Series: mapRoutes,
		Points: []Position{
			{Lat: 36.73, Lon: 14.87, Name: "P1 Pozzallo", Tip: "P1, Central route"},
			{Lat: 37.22, Lon: 15.23, Name: "P2 Augusta"},
			{Lat: 35.50, Lon: 12.61, Name: "P3 Lampedusa"},
			{Lat: 37.29, Lon: 13.52, Name: "P4 Porto Empedocle"},
			{Lat: 38.68, Lon: 15.90, Name: "P5 Vibo Valentia", Series: 2},
			{Lat: 40.15, Lon: 18.49, Name: "P6 Otranto", Series: 1},
		},
		Also:       "Also on this map:",
		Disclaimer: "The boundaries and names shown and the designations used on this map do not imply official endorsement or acceptance.",
	})
}

func samplePointsArabic() *Drawing {
	return PointMap(PointMapSpec{
		Frame:  Frame{Title: "نقاط الجولة", Description: "نقطتان.", RTL: true, Width: 480},
		Series: []Series{{Name: "طريق وسط المتوسط", Paint: Series1}},
		Points: []Position{
			{Lat: 32.89, Lon: 13.18, Name: "طرابلس", Text: "120", Value: 120},
			{Lat: 32.38, Lon: 15.09, Name: "مصراتة", Text: "30", Value: 30},
		},
		Kilometres: "كم",
		Disclaimer: "لا تعني الحدود والأسماء المبينة على هذه الخريطة أي إقرار أو قبول رسمي.",
	})
}

// samplePointsFar lie beyond the outlines, on the lines of degrees alone.
func samplePointsFar() *Drawing {
	return PointMap(PointMapSpec{
		Frame:  Frame{Title: "Points", Description: "Two points in Central America.", Width: 480},
		Series: []Series{{Paint: Series1}},
		Points: []Position{{Lat: 14.9, Lon: -92.26, Name: "Tapachula"}, {Lat: 8.98, Lon: -79.52, Name: "Panama"}},
	})
}
