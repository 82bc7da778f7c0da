"""Names to invent people with, in two scripts each: written for this program, of nobody we know.

A token is `native=Latin`; an underscore is a space inside one name. English names have one script.
"""

from __future__ import annotations

Pair = tuple[str, str]

ARABIC_MEN = """
محمد=Mohamed أحمد=Ahmed محمود=Mahmoud مصطفى=Mostafa علي=Ali حسن=Hassan حسين=Hussein عمر=Omar
خالد=Khaled طارق=Tarek كريم=Karim هشام=Hesham وليد=Walid شريف=Sherif تامر=Tamer عمرو=Amr
إبراهيم=Ibrahim إسماعيل=Ismail يوسف=Youssef ياسر=Yasser سامي=Sami سامح=Sameh رامي=Ramy
هاني=Hany مازن=Mazen زياد=Ziad نبيل=Nabil عادل=Adel جمال=Gamal كمال=Kamal صلاح=Salah
فؤاد=Fouad رفعت=Refaat مدحت=Medhat أشرف=Ashraf عصام=Essam حسام=Hossam باسم=Bassem بلال=Belal
حمزة=Hamza سيف=Seif ماجد=Maged منير=Mounir نادر=Nader رضا=Reda سعيد=Said فارس=Fares
أيمن=Ayman إيهاب=Ehab علاء=Alaa عماد=Emad وائل=Wael لؤي=Loay معتز=Moataz أنس=Anas
عبد_الرحمن=Abdel_Rahman عبد_الله=Abdullah عبد_العزيز=Abdel_Aziz مروان=Marwan رائد=Raed
فهد=Fahd سلطان=Sultan راشد=Rashid جاسم=Jassim ناصر=Nasser بدر=Badr غانم=Ghanem صقر=Saqr
هيثم=Haitham لطفي=Lotfy شادي=Shady مينا=Mina جورج=George بيتر=Peter
"""
ARABIC_WOMEN = """
منى=Mona سارة=Sara نورا=Noura هدى=Hoda فاطمة=Fatma عائشة=Aisha مريم=Mariam ياسمين=Yasmin
دينا=Dina رانيا=Rania داليا=Dalia هالة=Hala إيمان=Iman أمل=Amal سعاد=Soad نادية=Nadia
سلمى=Salma ليلى=Laila زينب=Zeinab رشا=Rasha شيماء=Shaimaa هبة=Heba ريم=Reem لمى=Lama
نجلاء=Naglaa وفاء=Wafaa سميرة=Samira سهير=Soheir عبير=Abeer غادة=Ghada مها=Maha نهى=Noha
إسراء=Esraa آية=Aya جنى=Jana فريدة=Farida ملك=Malak حنان=Hanan كريمة=Karima لبنى=Lobna
ميرفت=Mervat ناهد=Nahed رباب=Rabab صفاء=Safaa تهاني=Tahany أسماء=Asmaa بسمة=Basma
"""
ARABIC_FAMILIES = """
السيد=El_Sayed النجار=El_Naggar الشناوي=El_Shennawy المصري=El_Masry الحداد=El_Haddad
الخولي=El_Kholy البنا=El_Banna الشرقاوي=El_Sharkawy المنشاوي=El_Menshawy الجندي=El_Gendy
الدسوقي=El_Desouky الصاوي=El_Sawy الطحان=El_Tahhan العطار=El_Attar الفقي=El_Feky
القاضي=El_Kady الكاشف=El_Kashef اللبان=El_Labban المليجي=El_Meligy النمر=El_Nemr
الهواري=El_Hawary الوكيل=El_Wakil الأنصاري=El_Ansary البدري=El_Badry التهامي=El_Tohamy
الجمال=El_Gammal الحلواني=El_Halawany الخطيب=El_Khatib الديب=El_Deeb الرفاعي=El_Refaey
الزيني=El_Zeiny السباعي=El_Sebaey الشافعي=El_Shafey الصباغ=El_Sabbagh الضبع=El_Dabaa
الطوخي=El_Toukhy الظواهري=El_Zawahry العدوي=El_Adawy الغزالي=El_Ghazaly الفيومي=El_Fayoumy
القصبي=El_Kasaby الكردي=El_Kordy المغربي=El_Maghraby الناغي=El_Naghy الهلالي=El_Helaly
عبد_الحميد=Abdel_Hamid عبد_السلام=Abdel_Salam عبد_الغني=Abdel_Ghany عبد_المنعم=Abdel_Moneim
عبد_الفتاح=Abdel_Fattah عبد_اللطيف=Abdel_Latif سليمان=Soliman سالم=Salem منصور=Mansour
رمضان=Ramadan شعبان=Shaaban فرج=Farag غنيم=Ghoneim حجازي=Hegazy زيدان=Zeidan صبري=Sabry
شاهين=Shahin عثمان=Osman بركات=Barakat جابر=Gaber حافظ=Hafez خليل=Khalil داود=Dawoud
راغب=Ragheb زكي=Zaki سرور=Sorour شوقي=Shawky صادق=Sadek طلعت=Talaat عفيفي=Afify
عوض=Awad غريب=Gharib فهمي=Fahmy قنديل=Kandil كامل=Kamel لبيب=Labib مرسي=Morsy
نصار=Nassar هيكل=Heikal وهبة=Wahba يونس=Younes بشير=Bashir توفيق=Tawfik ثابت=Thabet
جودة=Gouda حمدي=Hamdy خضر=Khedr درويش=Darwish رشوان=Rashwan زهران=Zahran سلامة=Salama
شلبي=Shalaby صقر=Sakr طه=Taha عامر=Amer غالي=Ghaly فايد=Fayed قاسم=Kassem كساب=Kassab
مراد=Mourad نوفل=Nofal هاشم=Hashem ياقوت=Yakout المنصوري=Al_Mansoori الكعبي=Al_Kaabi
الشامسي=Al_Shamsi المهيري=Al_Muhairi الظاهري=Al_Dhaheri النعيمي=Al_Nuaimi البلوشي=Al_Balushi
السويدي=Al_Suwaidi الحمادي=Al_Hammadi المرزوقي=Al_Marzooqi القحطاني=Al_Qahtani
الدوسري=Al_Dossary العتيبي=Al_Otaibi الغامدي=Al_Ghamdi الحربي=Al_Harbi
"""
HINDI_MEN = """
राहुल=Rahul अमित=Amit विजय=Vijay संजय=Sanjay राजेश=Rajesh सुरेश=Suresh महेश=Mahesh
रमेश=Ramesh दिनेश=Dinesh मुकेश=Mukesh अनिल=Anil सुनील=Sunil अजय=Ajay विनय=Vinay मनोज=Manoj
प्रकाश=Prakash आनंद=Anand अशोक=Ashok अरुण=Arun वरुण=Varun तरुण=Tarun किरण=Kiran नितिन=Nitin
सचिन=Sachin रोहन=Rohan रोहित=Rohit मोहित=Mohit अंकित=Ankit सुमित=Sumit पंकज=Pankaj नीरज=Neeraj
धीरज=Dheeraj सूरज=Suraj मनीष=Manish आशीष=Ashish गिरीश=Girish हरीश=Harish सतीश=Satish
जगदीश=Jagdish नरेश=Naresh गणेश=Ganesh उमेश=Umesh योगेश=Yogesh लोकेश=Lokesh प्रवीण=Praveen
नवीन=Naveen विवेक=Vivek अभिषेक=Abhishek आदित्य=Aditya सिद्धार्थ=Siddharth कार्तिक=Kartik
ऋषि=Rishi देव=Dev अर्जुन=Arjun कुणाल=Kunal विशाल=Vishal निखिल=Nikhil अखिल=Akhil साहिल=Sahil
गौरव=Gaurav सौरभ=Saurabh वैभव=Vaibhav प्रणव=Pranav राघव=Raghav माधव=Madhav केशव=Keshav
हर्ष=Harsh यश=Yash जय=Jay कबीर=Kabir वेद=Ved
"""
HINDI_WOMEN = """
प्रिया=Priya पूजा=Pooja नेहा=Neha अंजलि=Anjali सुनीता=Sunita अनीता=Anita कविता=Kavita
सविता=Savita गीता=Geeta सीता=Sita मीना=Meena रीना=Reena टीना=Tina वीणा=Veena दीपा=Deepa
शिल्पा=Shilpa स्वाति=Swati ज्योति=Jyoti आरती=Aarti भारती=Bharti पार्वती=Parvati मालती=Malti
रेखा=Rekha शिखा=Shikha दिव्या=Divya काव्या=Kavya नित्या=Nitya आद्या=Aadya अदिति=Aditi
श्वेता=Shweta स्मिता=Smita अमृता=Amrita नम्रता=Namrata ममता=Mamata लता=Lata उषा=Usha आशा=Asha
निशा=Nisha मनीषा=Manisha वर्षा=Varsha हर्षा=Harsha राधा=Radha सुधा=Sudha विद्या=Vidya
संध्या=Sandhya वंदना=Vandana अर्चना=Archana कल्पना=Kalpana भावना=Bhavana साधना=Sadhana
"""
HINDI_FAMILIES = """
शर्मा=Sharma वर्मा=Verma गुप्ता=Gupta अग्रवाल=Agarwal सिंह=Singh कुमार=Kumar पाटील=Patil
देशमुख=Deshmukh कुलकर्णी=Kulkarni जोशी=Joshi देशपांडे=Deshpande जाधव=Jadhav पवार=Pawar
शिंदे=Shinde मोरे=More गायकवाड=Gaikwad चव्हाण=Chavan भोसले=Bhosale काळे=Kale गोखले=Gokhale
आपटे=Apte साने=Sane लेले=Lele बापट=Bapat फडके=Phadke रानडे=Ranade करंदीकर=Karandikar
मेहता=Mehta शाह=Shah पटेल=Patel देसाई=Desai त्रिवेदी=Trivedi दवे=Dave भट्ट=Bhatt पंड्या=Pandya
व्यास=Vyas मिश्रा=Mishra तिवारी=Tiwari पांडेय=Pandey दुबे=Dubey शुक्ला=Shukla त्रिपाठी=Tripathi
चतुर्वेदी=Chaturvedi द्विवेदी=Dwivedi यादव=Yadav चौहान=Chauhan राठौर=Rathore राजपूत=Rajput
ठाकुर=Thakur बंसल=Bansal मित्तल=Mittal गोयल=Goyal जैन=Jain खन्ना=Khanna कपूर=Kapoor
मल्होत्रा=Malhotra चोपड़ा=Chopra अरोड़ा=Arora भाटिया=Bhatia सेठी=Sethi ग्रोवर=Grover
सक्सेना=Saxena श्रीवास्तव=Srivastava माथुर=Mathur भटनागर=Bhatnagar निगम=Nigam बनर्जी=Banerjee
मुखर्जी=Mukherjee चटर्जी=Chatterjee घोष=Ghosh बोस=Bose दत्ता=Datta सेन=Sen दास=Das रॉय=Roy
पाल=Pal नायर=Nair मेनन=Menon पिल्लई=Pillai अय्यर=Iyer रेड्डी=Reddy राव=Rao नायडू=Naidu
शेट्टी=Shetty हेगड़े=Hegde कामत=Kamat पै=Pai भंडारी=Bhandari रावत=Rawat नेगी=Negi बिष्ट=Bisht
जोशीला=Joshila सावंत=Sawant राणे=Rane परब=Parab नाईक=Naik कदम=Kadam माने=Mane साळुंखे=Salunkhe
घाटगे=Ghatge निकम=Nikam थोरात=Thorat शेळके=Shelke वाघ=Wagh गोरे=Gore दळवी=Dalvi
सोनवणे=Sonawane बागुल=Bagul महाजन=Mahajan कोठारी=Kothari दोशी=Doshi संघवी=Sanghvi
लोढ़ा=Lodha बाफना=Bafna ओसवाल=Oswal मुथा=Mutha छाजेड=Chhajed गांधी=Gandhi नेहरा=Nehra
खरे=Khare तांबे=Tambe
"""
ENGLISH_GIVEN = """
James Oliver William Henry Thomas George Edward Charles Daniel Samuel Joseph David Benjamin
Matthew Andrew Michael Robert Richard Peter Stephen Simon Mark Paul Philip Martin Alan Brian
Colin Derek Duncan Ewan Fergus Gavin Graham Gregory Harold Hugh Ian Jack Jeremy John Keith
Kenneth Lawrence Leonard Lewis Louis Malcolm Neil Nicholas Nigel Norman Oscar Patrick Ralph
Raymond Roger Ronald Rupert Russell Scott Sean Stuart Terence Toby Trevor Victor Vincent Walter
Emma Olivia Charlotte Amelia Sophie Grace Alice Emily Lucy Hannah Rebecca Rachel Laura Sarah
Victoria Catherine Elizabeth Margaret Helen Julia Diana Fiona Heather Jennifer Karen Linda
Megan Natalie Nicola Patricia Pauline Philippa Rosemary Ruth Sandra Sheila Susan Teresa Wendy
Miranda Penelope Abigail Beatrice Caroline Deborah Eleanor Frances Gillian Harriet Imogen Joanna
"""
ENGLISH_FAMILIES = """
Smith Jones Taylor Brown Wilson Evans Thomas Roberts Johnson Walker Wright Robinson Thompson
White Hughes Edwards Green Hall Wood Harris Lewis Martin Jackson Clarke Clark Turner Hill Cooper
Ward Moore Morris King Watson Baker Harrison Morgan Patterson Young Allen Mitchell Carter
Phillips Lee Kelly Parker Bennett Cook Shaw Marshall Collins Murphy Richardson Cox Howard
Anderson Bailey Griffiths Ellis Simpson Adams Foster Chapman Mason Webb Rogers Gibson Hunt
Mills Holmes Palmer Stevens Knight Butler Barker Fisher Dixon Fletcher Pearson Graham Reynolds
Gordon Harvey Jenkins Barnes Ford Hamilton Grant Armstrong Bradley Burton Dawson Elliott
Ferguson Francis Gardner George Hart Hudson Kennedy Lawson Matthews Nicholson Osborne Payne
Perkins Porter Pritchard Reid Saunders Spencer Stone Sutton Walsh Watkins Webster West
Whitehead Williamson Woods Yates
"""
COMPANY_WORDS = """
النور=Al_Nour الأمل=Al_Amal السلام=Al_Salam الفجر=Al_Fagr الرواد=Al_Rowad النخبة=Al_Nokhba
المستقبل=Al_Mostaqbal الهدى=Al_Hoda البركة=Al_Baraka الشروق=Al_Shorouk المتحدة=United
الوادي=Al_Wadi الصفا=Al_Safa المجد=Al_Magd الريادة=Al_Reyada الأهرام=Pyramids
"""
COMPANY_TRADES = """
للتجارة=Trading للمقاولات=Contracting للصناعة=Industries للأغذية=Foods للأدوية=Pharma
للنقل=Transport للسياحة=Tourism للملابس=Textiles للتعليم=Education للحلول=Solutions
"""


def pairs(text: str) -> list[Pair]:
    """The (native, Latin) pairs of a list."""
    return [
        (native.replace("_", " "), latin.replace("_", " "))
        for native, _, latin in (token.partition("=") for token in text.split())
    ]


def words(text: str) -> list[Pair]:
    """Names of one script, as pairs without a native side."""
    return [("", word) for word in text.split()]


def given(language: str) -> list[Pair]:
    """Given names of men and women: ar, hi or en."""
    return {
        "ar": pairs(ARABIC_MEN + ARABIC_WOMEN),
        "hi": pairs(HINDI_MEN + HINDI_WOMEN),
        "en": words(ENGLISH_GIVEN),
    }[language]


def families(language: str) -> list[Pair]:
    """Family names: ar, hi or en."""
    return {
        "ar": pairs(ARABIC_FAMILIES),
        "hi": pairs(HINDI_FAMILIES),
        "en": words(ENGLISH_FAMILIES),
    }[language]


def fathers() -> list[Pair]:
    """Arabic names a father may have, which stand between the given and the family name."""
    return pairs(ARABIC_MEN)
