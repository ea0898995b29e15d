"""Sentences in the six languages written for the tests, and the usual encodings of each language."""

SHORT = {
    "zh": "关于河流航行安全的决议草案",
    "zh-Hant": "關於河流航行安全的決議草案",
    "en": "Draft resolution on the safety of river navigation",
    "fr": "Projet de résolution sur la sécurité de la navigation fluviale",
    "es": "Proyecto de resolución sobre la seguridad de la navegación fluvial",
    "ru": "Проект резолюции о безопасности речного судоходства",
    "ar": "مشروع قرار بشأن سلامة الملاحة النهرية",
}

LONG = {
    "zh": (
        "委员会，\n"
        "\n"
        "注意到沿岸各国报告说，去年夏季的水位比往年低，许多渡船不得不停运；\n"
        "\n"
        "1. 请秘书处在下届会议之前汇编各港口的观测数据，并说明费用由谁承担；\n"
        "\n"
        "2. 决定继续审议此事。\n"
    ),
    "zh-Hant": (
        "委員會，\n"
        "\n"
        "注意到沿岸各國報告說，去年夏季的水位比往年低，許多渡船不得不停運；\n"
        "\n"
        "1. 請秘書處在下屆會議之前彙編各港口的觀測數據，並說明費用由誰承擔；\n"
        "\n"
        "2. 決定繼續審議此事。\n"
    ),
    "en": (
        "The Committee,\n"
        "\n"
        "Noting that the riparian States reported lower water last summer than in earlier years, so "
        "that many ferries had to stop – a “costly” pause;\n"
        "\n"
        "1. Requests the secretariat to collect the readings of all ports before the next session;\n"
        "\n"
        "2. Decides to remain seized of the matter.\n"
    ),
    "fr": (
        "Le Comité,\n"
        "\n"
        "Notant que les États riverains ont signalé l’été dernier des eaux plus basses "
        "qu’auparavant, de sorte que de nombreux bacs ont dû s’arrêter\xa0;\n"
        "\n"
        "1. Prie le secrétariat de rassembler les relevés de tous les ports avant la prochaine "
        "session\xa0;\n"
        "\n"
        "2. Décide de rester saisi de la question.\n"
    ),
    "es": (
        "El Comité,\n"
        "\n"
        "Observando que los Estados ribereños informaron de que el verano pasado el agua estuvo más "
        "baja que en años anteriores y muchos transbordadores tuvieron que detenerse;\n"
        "\n"
        "1. Pide a la secretaría que reúna las mediciones de todos los puertos antes de la próxima "
        "sesión;\n"
        "\n"
        "2. Decide seguir ocupándose de la cuestión.\n"
    ),
    "ru": (
        "Комитет,\n"
        "\n"
        "отмечая, что прибрежные государства сообщили о более низком уровне воды прошлым летом, "
        "вследствие чего многие паромы были вынуждены остановиться;\n"
        "\n"
        "1. просит секретариат собрать показания всех портов до следующей сессии;\n"
        "\n"
        "2. постановляет продолжать рассмотрение этого вопроса.\n"
    ),
    "ar": (
        "إن اللجنة،\n"
        "\n"
        "إذ تلاحظ أن الدول المشاطئة أفادت بأن منسوب المياه في الصيف الماضي كان أدنى منه في السنوات "
        "السابقة مما اضطر كثيرا من العبارات إلى التوقف؛\n"
        "\n"
        "1 - تطلب إلى الأمانة أن تجمع قراءات جميع الموانئ قبل الدورة المقبلة؛\n"
        "\n"
        "2 - تقرر أن تبقي المسألة قيد النظر.\n"
    ),
}

#: Encodings other than UTF-8.
ENCODINGS = {
    "zh": ("gb18030", "utf-16", "utf-16-le", "utf-16-be"),
    "zh-Hant": ("big5", "gb18030", "utf-16", "utf-16-le", "utf-16-be"),
    "en": ("cp1252", "utf-16", "utf-16-le", "utf-16-be"),
    "fr": ("cp1252", "utf-16", "utf-16-le", "utf-16-be"),
    "es": ("cp1252", "utf-16", "utf-16-le", "utf-16-be"),
    "ru": ("cp1251", "utf-16", "utf-16-le", "utf-16-be"),
    "ar": ("cp1256", "utf-16", "utf-16-le", "utf-16-be"),
}

ENCODED = [(language, encoding) for language, encodings in ENCODINGS.items() for encoding in encodings]
