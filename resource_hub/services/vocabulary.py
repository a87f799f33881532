"""Which words the search language knows, taken from the shipped taxonomy."""

from resource_hub.domain.taxonomy import KIND_LABELS, Scheme
from resource_hub.files import EXTENSIONS, TYPES, Family
from resource_hub.services.taxonomy import shipped_terms
from search_index import Vocabulary

FIELD_NAMES = {
    "title": ("title", "标题", "題目", "题目", "標題"),
    "author": ("author", "作者"),
    "school": ("school", "学校", "學校"),
    "keywords": ("keyword", "keywords", "关键词", "關鍵詞"),
    "unit": ("unit", "单元", "單元"),
    "summary": ("summary", "简介", "簡介", "摘要"),
    "alliance": ("alliance", "联盟", "聯盟", "教共体", "教共體"),
    "text": ("text", "body", "正文", "全文", "内容", "內容"),
    "subject": ("subject", "学科", "學科"),
    "grade": ("grade", "年级", "年級"),
    "kind": ("kind", "类型", "類型"),
    "stage": ("stage", "学段", "學段"),
    "volume": ("volume", "册次", "冊次"),
    "edition": ("edition", "教材版本", "版本"),
    "year": ("year", "年份"),
    "format": ("format", "格式"),
    "published": ("published", "uploaded", "上传", "上傳", "发布", "發布"),
}

SCHEME_FIELDS = {
    Scheme.SUBJECT: "subject",
    Scheme.GRADE: "grade",
    Scheme.SCHOOL_STAGE: "stage",
    Scheme.VOLUME: "volume",
    Scheme.EDITION: "edition",
}
"""Which field of the index holds the codes of a scheme."""

KIND_WORDS = {
    "lesson_plan": ("教案", "教学设计", "教學設計"),
    "micro_lesson": ("微课", "微課", "micro lesson", "microlesson"),
    "case": ("案例", "课例", "課例"),
    "courseware": ("课件", "課件", "簡報"),
    "exercise": ("试题", "試題", "作业", "作業", "练习", "練習"),
    "outline": ("课程纲要", "課程綱要"),
}

FORMAT_WORDS: dict[str, tuple[Family, ...]] = {
    "文档 文檔 document": (Family.DOCUMENT, Family.PDF),
    "ppt powerpoint 幻灯片 投影片 演示文稿 簡報 slides": (Family.SLIDES,),
    "excel xls 表格 电子表格 試算表 spreadsheet": (Family.SHEET,),
    "图片 圖片 图像 圖像 照片 picture image": (Family.IMAGE,),
    "视频 視頻 影片 影像 video": (Family.VIDEO,),
    "音频 音頻 音訊 录音 錄音 声音 聲音 audio": (Family.AUDIO,),
    "文本 纯文本 純文字 文字檔 text": (Family.TEXT,),
    "网页 網頁 web": (Family.WEB,),
    "压缩包 壓縮檔 压缩文件 archive": (Family.ARCHIVE,),
}
"""What people call the formats of a family, whatever its program; in both scripts."""

WORD_FORMATS = ("docx", "docm", "doc", "wps", "odt", "rtf", "doc-xml", "mht")
"""What "word" means: the documents that a word processor writes."""

YEARS = range(2000, 2100)


def search_vocabulary() -> Vocabulary:
    """Field names in Chinese and English, and the labels that stand for codes."""
    codes: dict[str, dict[str, str]] = {name: {} for name in (*SCHEME_FIELDS.values(), "kind")}
    codes["format"] = {code: code for code in TYPES}
    codes["year"] = {word: f"{year}" for year in YEARS for word in (f"{year}", f"{year}年")}
    for term in shipped_terms():
        for word in (term.code, *term.labels.values()):
            codes[SCHEME_FIELDS[term.scheme]].setdefault(word.lower(), term.code)
    for kind, english in KIND_LABELS.items():
        for word in (kind.value, english.lower(), *KIND_WORDS[kind.value]):
            codes["kind"][word] = kind.value
    return Vocabulary(
        fields={word: name for name, words in FIELD_NAMES.items() for word in words},
        codes=codes,
        groups={"format": _formats()},
    )


def _formats() -> dict[str, tuple[str, ...]]:
    """Give the codes that a word for formats means: an ending, a program, a family."""
    words = {ending: codes for ending, codes in EXTENSIONS.items() if ending not in TYPES}
    words |= dict.fromkeys(("word", "word文档", "word文檔", "doc"), WORD_FORMATS)
    for names, families in FORMAT_WORDS.items():
        codes = tuple(code for code, kind in TYPES.items() if kind.family in families)
        words |= dict.fromkeys(names.split(), codes)
    return words
