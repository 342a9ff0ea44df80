module pjrteasy

go 1.24
