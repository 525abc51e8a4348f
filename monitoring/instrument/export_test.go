package instrument

import (
	"context"
	"strings"
	"testing"

	"waymark/stats/table"
)

// exports are three interviews as different servers and settings write them.
// All must read as the same answers. The interviews are synthetic.
var exports = map[string]string{
	"names": `_uuid,_submission_time,interview_date,route,age,sex,nationality,transit_countries,held,held_where,unpaid_work
a1,2016-07-01T10:00:00.000Z,2016-07-01,CMR,19,male,GMB,MLI NER LBY,yes,LBY,dk
a2,2016-07-01T11:00:00.000Z,2016-07-01,CMR,,female,CIV,LBY,no,,yes
a3,2016-07-02T09:30:00.000Z,2016-07-02,EMR,-99,male,SYR,,refused,,no
`,
	"ODK Central with groups and split options": `SubmissionDate,intro-interview_date,intro-route,profile-age,profile-sex,profile-nationality,journey-transit_countries,journey-transit_countries/MLI,journey-transit_countries/NER,journey-transit_countries/LBY,module-held,module-held_where,module-unpaid_work,meta-instanceID,KEY,SubmitterID,SubmitterName,AttachmentsPresent,AttachmentsExpected,Status,ReviewState,DeviceID,Edits,FormVersion
2016-07-01T10:00:00.000Z,2016-07-01,CMR,19,male,GMB,MLI NER LBY,1,1,1,yes,LBY,dk,a1,a1,11,App user 1,0,0,,,d1,0,2016.1
2016-07-01T11:00:00.000Z,2016-07-01,CMR,,female,CIV,LBY,0,0,1,no,,yes,a2,a2,11,App user 1,0,0,,,d1,0,2016.1
2016-07-02T09:30:00.000Z,2016-07-02,EMR,-99,male,SYR,,,,,refused,,no,a3,a3,11,App user 1,0,0,,,d1,0,2016.1
`,
	"KoboToolbox, values and headers, only split options": `start,end,intro/interview_date,intro/route,profile/age,profile/sex,profile/nationality,journey/transit_countries/MLI,journey/transit_countries/NER,journey/transit_countries/LBY,module/held,module/held_where,module/unpaid_work,_id,_uuid,_submission_time,_validation_status,_notes,_status,_submitted_by,__version__,_tags,_index
,,2016-07-01,CMR,19,male,GMB,1,1,1,yes,LBY,dk,501,a1,2016-07-01T10:00:00,,,submitted_via_web,,v1,,1
,,2016-07-01,CMR,,female,CIV,0,0,1,no,,yes,502,a2,2016-07-01T11:00:00,,,submitted_via_web,,v1,,2
,,2016-07-02,EMR,-99,male,SYR,,,,refused,,no,503,a3,2016-07-02T09:30:00,,,submitted_via_web,,v1,,3
`,
	"KoboToolbox, French labels with groups and semicolons": `L'entretien/Date de l'entretien;L'entretien/Route que la personne a suivie;Profil de la personne/Quel âge avez-vous, en années ?;Profil de la personne/Sexe;Profil de la personne/Quelle est votre nationalité ?;Le voyage/Par quels pays êtes-vous passé(e) ?/Mali;Le voyage/Par quels pays êtes-vous passé(e) ?/Niger;Le voyage/Par quels pays êtes-vous passé(e) ?/Libye;Ce qui s'est passé en route/Pendant ce voyage, avez-vous été retenu(e) dans un lieu contre votre volonté par des personnes ou des groupes autres que les autorités ?;Ce qui s'est passé en route/Où avez-vous été retenu(e) ?;Pendant ce voyage, avez-vous travaillé ou exercé des activités sans recevoir le paiement attendu ?;_uuid;_submission_time
2016-07-01;Méditerranée centrale;19;Homme;Gambie;1;1;1;Oui;Libye;Ne sait pas;a1;2016-07-01T10:00:00
2016-07-01;Méditerranée centrale;;Femme;Côte d’Ivoire;0;0;1;Non;;Oui;a2;2016-07-01T11:00:00
2016-07-02;Méditerranée orientale;-99;Homme;Syrie;;;;Préfère ne pas répondre;;Non;a3;2016-07-02T09:30:00
`,
	"Arabic labels": `تاريخ المقابلة,الطريق الذي سلكه الشخص,كم عمرك بالسنوات؟,الجنس,ما جنسيتك؟,ما البلدان التي مررت بها؟/مالي,ما البلدان التي مررت بها؟/النيجر,ما البلدان التي مررت بها؟/ليبيا,"خلال هذه الرحلة، هل احتُجزت في مكان رغماً عنك من قِبل أشخاص أو جماعات غير السلطات؟",أين احتُجزت؟,"خلال هذه الرحلة، هل عملت أو قمت بأنشطة دون أن تحصل على الأجر الذي كنت تتوقعه؟",_uuid,_submission_time
2016-07-01,وسط البحر الأبيض المتوسط,19,ذكر,غامبيا,1,1,1,نعم,ليبيا,لا يعرف,a1,2016-07-01T10:00:00Z
2016-07-01,وسط البحر الأبيض المتوسط,,أنثى,كوت ديفوار,0,0,1,لا,,نعم,a2,2016-07-01T11:00:00Z
2016-07-02,شرق البحر الأبيض المتوسط,-99,ذكر,سوريا,,,,يفضل عدم الإجابة,,لا,a3,2016-07-02T09:30:00Z
`,
}

func TestExportsReadAlike(t *testing.T) {
	in := mustLoad(t, "fms-2016")
	want := map[string][3]string{
		ColumnID: {"a1", "a2", "a3"}, "interview_date": {"2016-07-01", "2016-07-01", "2016-07-02"}, "route": {"CMR", "CMR", "EMR"},
		"age": {"19", "(blank)", "(refused)"}, "sex": {"male", "female", "male"}, "nationality": {"GMB", "CIV", "SYR"},
		"transit_countries": {"LBY MLI NER", "LBY", "(blank)"}, "held": {"yes", "no", "(refused)"}, "held_where": {"LBY", "(blank)", "(blank)"},
		"unpaid_work": {"(don't know)", "yes", "no"},
	}
	for name, text := range exports {
		t.Run(name, func(t *testing.T) {
			res, err := table.ReadFrom(context.Background(), strings.NewReader(text), int64(len(text)), "export.csv", table.Options{Match: in.Match})
			if err != nil {
				t.Fatal(err)
			}
			for column, cells := range want {
				c := res.Table.Column(column)
				if c == nil {
					t.Errorf("no column %s", column)
					continue
				}
				for row, cell := range cells {
					got := c.Text(row)
					if m := c.Missing(row); m != table.Present {
						got = "(" + m.String() + ")"
					}
					if got != cell {
						t.Errorf("%s in row %d is %q, want %q", column, row, got, cell)
					}
				}
			}
			if c := res.Table.Column(ColumnSubmitted); c == nil || c.Kind() != table.Time || !strings.HasPrefix(c.Text(0), "2016-07-01T10:00:00") {
				t.Errorf("the time of arrival is not read: %v", c)
			}
			for _, f := range res.Warnings.Faults {
				if f.Place.Row == 1 && f.Place.Column > 0 {
					t.Errorf("a header is remarked on: %v", f)
				}
			}
		})
	}
}
