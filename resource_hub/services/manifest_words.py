"""The words of manifests: headings of columns, and what people call things besides their names."""

from collections.abc import Mapping
from functools import cache

from resource_hub.domain.licences import LICENCES
from resource_hub.domain.taxonomy import KIND_LABELS, Kind, Language, Scheme, Taxonomy
from resource_hub.domain.visibility import Audience
from resource_hub.services.tables import folded
from resource_hub.services.vocabulary import KIND_WORDS

_COLUMNS: Mapping[str, str] = {
    "files": "files file filename path 文件 文件名 附件 檔案 資料檔",
    "title": "title name 标题 标题名称 題目 题目 名称 名稱 標題 课题 課題",
    "kind": "kind type 类型 資源類型 资源类型 類型",
    "summary": "summary description abstract 简介 摘要 说明 簡介 說明",
    "subject": "subject 学科 科目 學科",
    "stage": "stage schoolstage level 学段 學段",
    "grades": "grades grade 年级 年級",
    "volume": "volume 册次 册 冊次 冊",
    "edition": "edition 教材版本 教材 版本",
    "unit": "unit lesson chapter 单元 單元 章节 章節",
    "keywords": "keywords keyword tags 关键词 关键字 标签 關鍵詞 標籤",
    "licence": "licence license 许可 授权 使用许可 許可 授權",
    "audience": "audience visibility 可见范围 范围 公开范围 可見範圍",
    "language": "language lang 语言 語言",
    "text": "text body content 正文 内容 文本 內容",
    "answer": "answer answers 答案",
    "analysis": "analysis explanation 解析 分析",
    "source": "source 来源 出处 來源 出處",
    "author": "author 作者",
    "year": "year 年份 年",
    "category": "category 分类 类别 分類 類別",
    "textbook": "textbook 教材分析",
    "learners": "learners 学情分析 學情分析",
    "objectives": "objectives 教学目标 教學目標",
    "key_points": "keypoints 教学重难点 教學重難點",
    "procedure": "procedure 教学流程 教学过程 教學流程 教學過程",
    "board": "board 板书设计 板書設計",
    "homework": "homework 作业设计 作業設計",
    "reflection": "reflection 教学反思 教學反思",
}

COLUMNS: Mapping[str, str] = {
    folded(heading): name for name, headings in _COLUMNS.items() for heading in headings.split()
}
"""A heading, folded, to the hub's own name of the column."""

_SUBJECT_WORDS: Mapping[str, tuple[str, ...]] = {
    "政治": ("politics", "morality"),
    "思品": ("morality", "politics"),
    "品德": ("morality", "politics"),
    "思想品德": ("morality", "politics"),
    "生物": ("biology",),
    "体育": ("pe",),
    "體育": ("pe",),
    "信息": ("it", "ict"),
    "信息技术": ("ict", "it"),
    "信息科技": ("it", "ict"),
    "英文": ("english",),
    "国文": ("chinese",),
    "國文": ("chinese",),
    "综合实践": ("practice",),
    "班会": ("class_meeting",),
    "德育": ("class_meeting",),
}
"""What people call subjects besides their names; the first that is taught at the stage is meant."""

_AUDIENCE_WORDS: Mapping[str, Audience] = {
    "学校": Audience.SCHOOL, "本校": Audience.SCHOOL, "校内": Audience.SCHOOL,
    "學校": Audience.SCHOOL, "校內": Audience.SCHOOL, "联盟": Audience.ALLIANCE,
    "聯盟": Audience.ALLIANCE, "公开": Audience.PUBLIC, "公開": Audience.PUBLIC,
    "所有人": Audience.PUBLIC, "everyone": Audience.PUBLIC,
}  # fmt: skip

_LANGUAGE_WORDS: Mapping[str, Language] = {
    "zh-hans": Language.SIMPLIFIED, "zh-cn": Language.SIMPLIFIED, "zh": Language.SIMPLIFIED,
    "简体": Language.SIMPLIFIED, "简体中文": Language.SIMPLIFIED, "中文": Language.SIMPLIFIED,
    "zh-hant": Language.TRADITIONAL, "zh-tw": Language.TRADITIONAL, "繁体": Language.TRADITIONAL,
    "繁體": Language.TRADITIONAL, "繁體中文": Language.TRADITIONAL, "en": Language.ENGLISH,
    "英文": Language.ENGLISH, "英语": Language.ENGLISH, "english": Language.ENGLISH,
}  # fmt: skip


@cache
def _kinds() -> Mapping[str, Kind]:
    return {
        folded(word): kind
        for kind, label in KIND_LABELS.items()
        for word in (kind.value, label, *KIND_WORDS[kind.value])
    }


def kind_meant(word: str) -> Kind | None:
    """The kind of this code or name in any language."""
    return _kinds().get(folded(word))


def subjects_meant(word: str, taxonomy: Taxonomy) -> list[str]:
    """The codes that a person may mean, the likeliest first."""
    exact = taxonomy.find(Scheme.SUBJECT, word) if word else None
    codes = dict.fromkeys((exact, *_SUBJECT_WORDS.get(word, ())))
    return [code for code in codes if code and taxonomy.has(Scheme.SUBJECT, code)]


def licence_meant(word: str) -> str:
    """The code of this licence, with or without its version; empty when it is none of ours."""
    wanted = folded(word)
    return next(
        (
            code
            for code in LICENCES
            if wanted and wanted in {folded(code), folded(code.removesuffix("-4.0"))}
        ),
        "",
    )


def audience_meant(word: str) -> Audience | None:
    wanted = word.strip().casefold()
    return Audience(wanted) if wanted in set(Audience) else _AUDIENCE_WORDS.get(wanted)


def language_meant(word: str) -> Language | None:
    return _LANGUAGE_WORDS.get(word.strip().casefold())
