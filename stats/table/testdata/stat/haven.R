# Makes the small files of this folder whose names begin with haven, by R's
# haven. The data are synthetic. Run by hand in this folder: Rscript haven.R
# The files here were made by R 4.2.2 with haven 2.5.1.
suppressMessages(library(haven))
n <- 6
yes_no <- c("Yes" = 1, "No" = 2)
answers <- data.frame(id = sprintf("S%03d", 1:n), stringsAsFactors = FALSE)
attr(answers$id, "label") <- "Interview"
answers$sex <- labelled(c(1, 2, 2, 1, 2, 1), c("Man" = 1, "Woman" = 2, "Other" = 3), label = "Sex of the person")
answers$age <- c(18, 25.5, 31, NA, 44, 102)
answers$held <- labelled(c(1, 2, 1, tagged_na("a"), tagged_na("b"), NA), c(yes_no, "Refused" = tagged_na("a"), "Don't know" = tagged_na("b")),
  label = "Held against their will, \u00e9t\u00e9 \u20ac")
answers$small <- as.integer(c(-5, 0, 100, 101, 32741, 2147483000))
answers$day <- as.Date(c("2016-10-06", "1959-12-31", "1960-01-01", NA, "2020-02-29", "1899-12-31"))
answers$at <- as.POSIXct(c("2016-10-06 09:30:15", "1970-01-01 00:00:00", NA, "2000-02-29 23:59:59", "1960-01-01 00:00:00", "1959-06-01 12:00:00"), tz = "UTC")
answers$words <- c("", "a", "\u00e9t\u00e9", "\u20ac 5", "two words", "=1+1")
answers$essay <- c(strrep("x", 300), "", "short", strrep("\u00e9", 1200), strrep("y", 2100), "end")
for (v in 13:15) {
  d <- answers
  if (v == 13) d$essay <- substr(d$essay, 1, 300)
  write_dta(d, sprintf("haven%d.dta", c("13" = 117, "14" = 118, "15" = 119)[[as.character(v)]]), version = v, label = "Synthetic data")
}
for (v in c(8, 10, 12)) {
  d <- answers
  d$essay <- substr(d$essay, 1, 100)
  d$words[4] <- "5"
  write_dta(d, sprintf("haven%d.dta", c("8" = 113, "10" = 114, "12" = 115)[[as.character(v)]]), version = v, label = "Synthetic data")
}
s <- answers
s$held <- labelled_spss(c(1, 2, 1, 8, 9, NA), c(yes_no, "Refused" = 8, "Don't know" = 9), na_values = c(8, 9), label = "Held against their will, \u00e9t\u00e9 \u20ac")
s$income <- labelled_spss(c(100, 0, -1, -7, -99, 5000.25), c("Not applicable" = -7, "Skipped" = -1), na_range = c(-99, -1))
s$country <- labelled(c("TUR", "GRC", "TUR", "LBY", "GRC", "TUR"), c("Turkey" = "TUR", "Greece" = "GRC", "Libya" = "LBY"))
for (how in c("byte", "none", "zsav"))
  write_sav(s, sprintf("haven_%s.%s", how, if (how == "zsav") "zsav" else "sav"), compress = how)
