# ruff: noqa: E501  (a row of words or shapes is one line)
"""Names for invented bank lines: Arabic and the several ways people write them in Latin letters.

Written for the bench alone; nothing of the matcher is used here, so that the score is not of itself.
"""

from __future__ import annotations

MEN = """
محمد=Mohamed,Mohammed,Muhammad,Mohamad أحمد=Ahmed,Ahmad محمود=Mahmoud,Mahmood
مصطفى=Mostafa,Mustafa,Moustafa علي=Ali,Aly حسن=Hassan,Hasan حسين=Hussein,Hussain,Hossein
عمر=Omar,Umar خالد=Khaled,Khalid طارق=Tarek,Tariq كريم=Karim,Kareem هشام=Hesham,Hisham
وليد=Walid,Waleed شريف=Sherif,Shareef تامر=Tamer عمرو=Amr إبراهيم=Ibrahim,Ebrahim
إسماعيل=Ismail,Esmail يوسف=Youssef,Yousef,Yusuf ياسر=Yasser,Yasir سامي=Sami,Samy سامح=Sameh
رامي=Rami,Ramy هاني=Hany,Hani مازن=Mazen زياد=Ziad,Zeyad نبيل=Nabil عادل=Adel جمال=Gamal,Jamal
كمال=Kamal صلاح=Salah فؤاد=Fouad,Fuad مدحت=Medhat أشرف=Ashraf عصام=Essam,Esam حسام=Hossam,Husam
باسم=Bassem,Basim بلال=Belal,Bilal حمزة=Hamza سيف=Seif,Saif ماجد=Maged,Majed منير=Mounir,Munir
نادر=Nader رضا=Reda سعيد=Said,Saeed فارس=Fares أيمن=Ayman إيهاب=Ehab,Ihab علاء=Alaa عماد=Emad,Imad
وائل=Wael معتز=Moataz,Mutaz أنس=Anas عبد_الرحمن=Abdelrahman,Abdul Rahman,Abd El Rahman
عبد_الله=Abdullah,Abdallah عبد_العزيز=Abdelaziz,Abdul Aziz فهد=Fahad,Fahd سلطان=Sultan راشد=Rashid
جاسم=Jassim,Jasem ناصر=Nasser,Naser بدر=Badr,Bader سمير=Samir,Sameer سليم=Selim,Salim
عاطف=Atef عزت=Ezzat رأفت=Raafat جلال=Galal,Jalal منصور=Mansour,Mansoor
"""
WOMEN = """
منى=Mona,Muna سارة=Sara,Sarah نورا=Noura,Nora هدى=Hoda,Huda فاطمة=Fatma,Fatima عائشة=Aisha,Aysha
مريم=Mariam,Maryam ياسمين=Yasmin,Yasmine دينا=Dina رانيا=Rania داليا=Dalia هالة=Hala إيمان=Iman,Eman
أمل=Amal سعاد=Soad,Suad نادية=Nadia سلمى=Salma ليلى=Laila,Layla زينب=Zeinab,Zainab رشا=Rasha
هبة=Heba,Hiba ريم=Reem,Rim وفاء=Wafaa,Wafa سميرة=Samira عبير=Abeer,Abir غادة=Ghada مها=Maha نهى=Noha
أسماء=Asmaa,Asma آية=Aya حنان=Hanan
"""
FAMILIES = """
السيد=El Sayed,Elsayed,Al-Sayed النجار=El Naggar,Elnaggar المصري=El Masry,Elmasry,Al Masri
الحداد=El Haddad,Al Haddad الخولي=El Kholy,Elkholy البنا=El Banna,Elbanna الشرقاوي=El Sharkawy
الجندي=El Gendy,Elgendy الدسوقي=El Desouky,Eldesouky الصاوي=El Sawy العطار=El Attar,Al Attar
القاضي=El Kady,Al Qadi النمر=El Nemr الوكيل=El Wakil الأنصاري=El Ansary,Al Ansari الخطيب=El Khatib
الشافعي=El Shafei,Elshafey الغزالي=El Ghazaly,Al Ghazali المغربي=El Maghraby الهلالي=El Helaly
سليمان=Soliman,Sulaiman سالم=Salem رمضان=Ramadan شعبان=Shaaban فرج=Farag,Faraj حجازي=Hegazy,Hijazi
زيدان=Zidan,Zeidan صبري=Sabry,Sabri شاهين=Shahin,Shaheen عثمان=Osman,Othman بركات=Barakat جابر=Gaber,Jaber
حافظ=Hafez خليل=Khalil داود=Dawood,Daoud زكي=Zaki شوقي=Shawky,Shawki صادق=Sadek,Sadiq عوض=Awad غريب=Gharib
فهمي=Fahmy كامل=Kamel مرسي=Morsi,Morsy نصار=Nassar هيكل=Heikal يونس=Younis,Younes توفيق=Tawfik,Tawfiq
خضر=Khedr درويش=Darwish سلامة=Salama صقر=Sakr,Saqr طه=Taha عامر=Amer غالي=Ghaly قاسم=Kassem,Qasim
مراد=Mourad,Murad هاشم=Hashem,Hashim المنصوري=Al Mansoori,Al Mansouri الكعبي=Al Kaabi الشامسي=Al Shamsi
النعيمي=Al Nuaimi البلوشي=Al Balushi الحمادي=Al Hammadi القحطاني=Al Qahtani العتيبي=Al Otaibi
الغامدي=Al Ghamdi الحربي=Al Harbi الدوسري=Al Dosari,Al Dossary الزهراني=Al Zahrani الشمري=Al Shammari
"""
FIRMS = """
النور=Al Nour الأمل=Al Amal الفجر=Al Fajr النيل=Nile الصفا=Al Safa المدينة=Al Madina الرواد=Al Rowad
الخليج=Gulf الوفاء=Al Wafaa الهدى=Al Huda البركة=Al Baraka المستقبل=Future الاتحاد=Al Ettihad دلتا=Delta
"""
TRADES = """
للتجارة=Trading للمقاولات=Contracting للتوريدات=Supplies للاستثمار=Investment للنقل=Transport
للخدمات=Services للصناعات=Industries للأغذية=Foods
"""


Name = tuple[str, tuple[str, ...]]


def pairs(text: str) -> list[Name]:
    """(Arabic, Latin spellings) of a block; an underscore is a space inside one name."""
    import re

    found = re.findall(r"([^\s=]+)=(.*?)(?=\s+[^\sA-Za-z,=]+=|$)", " ".join(text.split()))
    return [(a.replace("_", " "), tuple(latin.strip().split(","))) for a, latin in found]
