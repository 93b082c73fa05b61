"""What people are called for short, in the languages that the shipped rules read."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# A line is one first name, then what it is cut down to. English, German, French, Spanish.
_LINES = """\
abigail abby abbie gail
alexander alex alec sandy sascha xander lex alexandre
alexandra alex sandra sandy sascha lexi alexa
alejandro alex ale jandro
alejandra ale alex jandra
alfred alf alfie fred freddy
amanda mandy
andrew andy drew
andreas andi andy
angela angie
ana anita
anna anni anne annie anja
anthony tony
antonio toni tono
antoine tony toine
barbara barb babs barbie baerbel
beatrice bea trixie
beate bea
benjamin ben benny benji benj
bernard bernie
bernhard bernd berni
bettina tina betty
brigitte gitte biggi gitta
carmen carmela menchu
carolina caro lina
caroline caro carrie carol line
catherine cathy kate katie cat cathie
charles charlie chuck chas
charlotte lotte lottie charlie char
christian chris chrissi
christina tina chris chrissie
christine chris tina chrissie
christopher chris kit topher
christoph chris stoph
concepcion concha conchita
cornelia conny nelly
cynthia cindy
daniel dan danny dani
daniela dani
david dave davy davey
deborah debbie deb
dolores lola loli
dominique dom domi
donald don donnie
dorothea dora thea doro
edward ed eddie ted ned teddy
eduardo edu lalo
elena lena leni
elisabeth lisa lisbeth elli sissi betti liesl
elizabeth liz beth betty lizzie eliza libby bess
emanuel manu manni
emily em emmy
eric rick ricky
ernst erni
eugene gene
fatima fati
felix fel
ferdinand ferdi
fernando nando fer
fiona fi
florence flo
florian flo flori
frances fran frannie
francisco paco pancho fran curro
francoise fanchon soizic
frank frankie
franz franzl
frederic fred fredo
frederick fred freddy rick
friedrich fritz fred
gabriel gabe gabi
gabriele gabi
gabriela gabi
geoffrey geoff jeff
gerald gerry jerry
gerhard gerd hardy
gertrud trudi gerda
gregory greg
gregor greg
guadalupe lupe lupita
guillaume guigui
guillermo memo guille
gunter gunni
hannah hanna
hannelore hanne lore
hans hansi
heinrich heiner heinz heini
helen nell nellie lena
helena lena leni
helene leni lena
henri riri
henry harry hank hal
herbert bert herb bertl
hubert hubsi bert
ignacio nacho
ines ine
irene reni
isabel isa bel isabelita chabela
isabella bella izzy isa
isabelle isa belle
jacob jake
jacqueline jackie
jacques jacquot
james jim jimmy jamie
janet jan
jean jeannot
jennifer jen jenny jenn
jeremy jerry jem
jessica jess jessie
jesus chus suso
joachim achim jo
johann hans hannes
johannes hannes jo joe johnny
john johnny jack jon
jonathan jon jonny nathan
joaquin quino quim
jose pepe chepe
josefa pepa fefa
josef sepp beppo jupp
joseph joe joey jo
joshua josh
juan juanito
judith judy
julia jules juli
julien jules juju
jurgen jogi
karin kari
karl kalle
kathleen kathy kath
katharina kathi kati kathrin katja kaethe
katherine kate kathy katie kat kit
katrin kati
kenneth ken kenny
kimberly kim
klaus klausi
laura lau
laurence larry laurie
lawrence larry laurie
leonard leo len lenny
leonhard leo leon
leopold leo poldi
lucia lucy luz
lucas luke luc
ludwig lutz wiggerl
luis lucho
magdalena magda lena leni
manfred manni fred
manuel manolo manu manni
manuela manu
marcel marc
margaret maggie meg peggy marge madge greta
margarete gretel grete gitta margit
margarita marga rita
marguerite margot
maria mia ria mariechen mari maruja
marc marco
martina tina
martin marty
mary molly polly
matthew matt matty
matthias matze matthi hias
matthieu mat
maximilian max maxi
melanie mel
mercedes merche
michael mike mick mickey michi mitch
michel michou
miguel migue
monika moni
montserrat montse
nadine nadi
nathaniel nate nat nathan
natalie nat tally
nicholas nick nicky nico
nicolas nico nick
nicola nicky
nicole nicky nici
nora nory
norbert norb bert
olivia liv livvy ollie
oliver ollie olli
otto ottl
pamela pam
patricia pat patty tricia trish
patrick pat paddy rick
patricio pato
paul pauli
peter pete peterle
petra peti
philip phil pip
philipp phil lipp
philippe phil
pierre pierrot
pilar pili
priscilla cilla
rachel rach
raymond ray
rebecca becky becca
reinhard reini
renate reni nate
richard rick dick rich richie ricky
ricardo richi
robert rob bob bobby robbie bert
roberto beto rober
roland rolli
ronald ron ronnie
rosario charo
rudolf rudi
rupert rupi
samantha sam sammy
samuel sam sammy
sandra sandy
santiago santi
sarah sally sadie
sebastian seb basti bastian
sergio checho
silvia silvi
sofia sofi
sophia sophie soph
sophie soph
stephen steve stevie
steven steve stevie
stefan steff stef
stefanie steffi steff
stephanie steph steffi
susan sue suzie susie
susanne susi sanne
sylvia syl
teresa tess terry tere
theodore ted theo teddy
theodor theo
theresa tess terry resi
theresia resi
therese tess
thomas tom tommy thom
timothy tim timmy
tobias tobi
ulrich uli ulli
ulrike uli ulli rike
ursula uschi ulla
valentin valti
valerie val
vanessa nessa
veronika vroni
victoria vicky tori
vincent vince vinnie vin
virginia ginny
volker volki
walter walt wally
werner wernerle
wilhelm willi willy helmut
william bill will billy willy liam
wolfgang wolf wolfi
xavier xavi
yvonne vonni
zachary zach zack
"""


def _read() -> Mapping[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for line in _LINES.splitlines():
        name, *short = line.split()
        table[name] = tuple(short)
    return MappingProxyType(table)


NICKNAMES: Mapping[str, tuple[str, ...]] = _read()
"""Short forms by first name, all in the form that ``name_words`` gives."""
