/** What generated people and groups are made of. Any likeness to real ones is chance. */
export const firstNames =
  'Ada Björn Chloé Dawid Elif Farid Greta Hiro Ines Jonas Karin Łukasz Maya Nils Olga Pablo Quinn Rosa Sven Tariq Uma Viktor Wanda Xenia Yusuf Zoë'.split(
    ' ',
  );
export const lastNames =
  'Abel Bianchi Costa Dvořák Eriksen Fischer García Horvat Ivanov Jansen Kaya Lindqvist Müller Nowak O’Brien Papadakis Quist Rossi Schmidt Tanaka Ueda Vega Weber Xu Yılmaz Zimmer'.split(
    ' ',
  );
export const titles =
  'Analyst;Architect;Assistant;Buyer;Clerk;Controller;Designer;Developer;Engineer;Lead;Manager;Nurse;Operator;Planner;Researcher;Technician'.split(
    ';',
  );
export const departments =
  'Accounting;Customer care;Design;Facilities;Finance;Human resources;IT operations;Legal;Logistics;Marketing;Production;Quality;Research;Sales'.split(
    ';',
  );
export const companies = 'Contoso AG;Contoso Nordics AS;Contoso Iberia SL;Contoso Services Ltd'.split(';');
export const streets = 'Harbour Road;Mill Lane;Station Street;Garden Way;Old Market;Bridge Street;Church Hill'.split(
  ';',
);
export const cities = 'Bergen;Gdańsk;Graz;Kraków;Lyon;Málaga;Porto;Tartu;Turku;Utrecht;Zürich;Ystad'.split(';');
export const countries = 'NO;PL;AT;PL;FR;ES;PT;EE;FI;NL;CH;SE'.split(';');
export const groupKinds = 'access;distribution;project;security'.split(';');
