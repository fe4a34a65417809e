from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from safegrid.library import queries
from safegrid.library.models import Document, DocumentKind, DocumentStatus
from safegrid.shared import tables
from safegrid.shared.access import require

CLAUSES_SHOWN = 50


@require_GET
def document_list(request: HttpRequest) -> HttpResponse:
    require(request.user, "library.view")
    text = request.GET.get("q", "").strip()[:60]
    kind = tables.choice(request, "kind", DocumentKind.values)
    status = tables.choice(request, "status", DocumentStatus.values)
    clauses = queries.search(text, CLAUSES_SHOWN + 1)
    shown = {
        "text": text,
        "kind": kind,
        "status": status,
        "kinds": DocumentKind.choices,
        "statuses": DocumentStatus.choices,
        "page": tables.page(queries.documents(text, kind, status), request, size=50),
        "clauses": clauses[:CLAUSES_SHOWN],
        "has_more_clauses": len(clauses) > CLAUSES_SHOWN,
        "edition": queries.edition(),
    }
    return render(request, "library/list.html", shown)


@require_GET
def document(request: HttpRequest, code: str) -> HttpResponse:
    require(request.user, "library.view")
    document = get_object_or_404(Document, pk=code)
    clauses = list(document.clauses.all())
    for clause in clauses:
        clause.document = document
    shown = {
        "document": document,
        "successor": queries.successor(document) if document.superseded_by else None,
        "predecessors": queries.predecessors(document),
        "clauses": clauses,
        "unverified": sum(not clause.is_verified for clause in clauses),
    }
    return render(request, "library/detail.html", shown)
