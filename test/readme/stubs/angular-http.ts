import type { Observable } from 'rxjs';

// What the recipe for Angular uses of it, as Angular declares it.

export declare class HttpClient {
  get<Body>(url: string): Observable<Body>;
  post<Body>(url: string, body: unknown): Observable<Body>;
  delete<Body>(url: string): Observable<Body>;
}
